import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import {
  type CheckSteps,
  failed,
  type ImageCheck,
  type ImageFormat,
  maxPixels,
  type Pixels,
} from './format.js'

/** Is this a complete image? Its pixels are not decoded. */
export type ImageChecker = (bytes: Uint8Array) => Promise<ImageCheck>

/**
 * The checker of a format. Each is loaded when it is first needed: most runs need one. It checks one
 * image at a time, so that several hostile ones block the event loop no longer than one does.
 */
export async function imageChecker(format: ImageFormat): Promise<ImageChecker> {
  const check = await loadCheck(format)
  const limit = pLimit(1)
  return async (bytes) =>
    bytes.length === 0 ? failed('empty') : limit(() => runInSlices(check(bytes)))
}

async function loadCheck(format: ImageFormat): Promise<(bytes: Uint8Array) => CheckSteps> {
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

/** The longest time that a check runs before others may: most are done much earlier. */
const maxSliceMs = 5

async function runInSlices(steps: CheckSteps): Promise<ImageCheck> {
  for (let sliceStart = performance.now(); ; ) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - sliceStart < maxSliceMs) continue
    await setImmediate()
    sliceStart = performance.now()
  }
}

/** The formats that can be decoded, the preferred one first. */
export const decodableFormats = ['gif', 'png'] as const satisfies readonly ImageFormat[]
export type DecodableFormat = (typeof decodableFormats)[number]

/** Decodes an image, the first picture of an animation; undefined for anything but a whole one. */
export async function decodeImage(
  bytes: Uint8Array,
  format: DecodableFormat,
): Promise<Pixels | undefined> {
  const check = await (await imageChecker(format))(bytes)
  if (!check.isComplete || check.width * check.height > maxPixels) return undefined
  switch (format) {
    case 'gif':
      return (await import('./decode-gif.js')).decodeGif(bytes, check)
    case 'png':
      return (await import('./decode-png.js')).decodePng(bytes, check)
  }
}
