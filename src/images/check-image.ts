import type { ImageCheck, ImageFormat } from './format.js'

/** Is this a complete image? Its pixels are not decoded. */
export type ImageChecker = (bytes: Uint8Array) => ImageCheck

/** The checker of a format. Each is loaded when it is first needed: most runs need one. */
export async function imageChecker(format: ImageFormat): Promise<ImageChecker> {
  const check = await loadChecker(format)
  return (bytes) => (bytes.length === 0 ? { isComplete: false, reason: 'empty' } : check(bytes))
}

async function loadChecker(format: ImageFormat): Promise<ImageChecker> {
  switch (format) {
    case 'gif':
      return (await import('./gif.js')).checkGif
    case 'png':
      return (await import('./png.js')).checkPng
    case 'svg':
      return (await import('./svg.js')).checkSvg
    case 'webp':
      return (await import('./webp.js')).checkWebp
  }
}
