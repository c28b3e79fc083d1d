// What src/commands imports of the rooms that make pages: they are built into a file of their own.

export * from '../src/gallery/gallery.js'
export * from '../src/gallery/gallery-page.js'
export * from '../src/timeline/render.js'
