// What src/commands imports of src/pages: it is built into a file of its own.

export { galleryPage } from '../src/pages/gallery.js'
export { urlPath } from '../src/pages/html.js'
export { createRecorder, renderTimeline, timelinePage } from '../src/pages/render-timeline.js'
