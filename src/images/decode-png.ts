import { convertIndexedToRgb, decode } from 'fast-png'
import type { Pixels, Size } from './format.js'

/** The pixels of a whole PNG of this size; undefined where its image data are no deflate stream. */
export function decodePng(bytes: Uint8Array, { width, height }: Size): Pixels | undefined {
  try {
    const decoded = decode(bytes)
    const { palette, depth } = decoded
    const samples = palette ? convertIndexedToRgb(decoded) : decoded.data
    const channels = samples.length / (width * height)
    const scale = palette ? 1 : 255 / (2 ** depth - 1)
    return { width, height, rgba: toRgba(samples, channels, scale) }
  } catch {
    // Its errors have no types.
    return undefined
  }
}

/** @param channels 1 and 3 are opaque gray and RGB, 2 and 4 the same with opacity */
function toRgba(samples: ArrayLike<number>, channels: number, scale: number): Uint8ClampedArray {
  const pixels = samples.length / channels
  const isGray = channels < 3
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255)
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * channels
    for (let color = 0; color < 3; color++) {
      rgba[pixel * 4 + color] = (samples[isGray ? at : at + color] ?? 0) * scale
    }
    if (channels % 2 === 0) rgba[pixel * 4 + 3] = (samples[at + channels - 1] ?? 0) * scale
  }
  return rgba
}
