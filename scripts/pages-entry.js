// What src/commands imports of src/pages: it is built into a file of its own.

export * from '../src/pages/gallery.js'
export * from '../src/pages/html.js'
export * from '../src/pages/render-timeline.js'
