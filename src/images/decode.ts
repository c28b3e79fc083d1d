import type { ParsedFrame } from 'gifuct-js'
import { type ImageFormat, maxPixels, type Pixels, type Size } from './format.js'
import { blocksOf, trailer } from './gif.js'
import { imageChecker } from './image.js'

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
      return decodeGif(bytes, check)
    case 'png':
      return decodePng(bytes, check)
  }
}

/** The pixels of a whole PNG of this size; undefined if its image data are not a deflate stream. */
async function decodePng(bytes: Uint8Array, { width, height }: Size): Promise<Pixels | undefined> {
  const { convertIndexedToRgb, decode } = await import('fast-png')
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

/** The first picture of a whole GIF, on its screen of this size; undefined if it cannot be shown. */
async function decodeGif(bytes: Uint8Array, { width, height }: Size) {
  const frame = firstFrame(bytes, await import('gifuct-js'))
  return frame && onScreen(frame, width, height)
}

/** The decoder trusts a frame's header, so it is checked first. */
function firstFrame(
  bytes: Uint8Array,
  { decompressFrame, parseGIF }: typeof import('gifuct-js'),
): ParsedFrame | undefined {
  try {
    const { frames, gct } = parseGIF(Uint8Array.from(firstPicture(bytes)).buffer)
    const frame = frames.find((part) => 'image' in part)
    if (!frame) return undefined
    const { descriptor, data } = frame.image
    const isSafe =
      descriptor.width * descriptor.height <= maxPixels &&
      hasValidLzwCodes(data.minCodeSize, data.blocks)
    return isSafe ? decompressFrame(frame, gct, true) : undefined
  } catch {
    // Its errors have no types.
    return undefined
  }
}

const graphicControlLabel = 0xf9

/** A GIF of the first picture alone: the decoder would parse the thousands that may follow, too. */
function firstPicture(bytes: Uint8Array): Buffer {
  let head: Uint8Array | undefined
  let control: Uint8Array = Buffer.alloc(0)
  for (const { kind, start, end } of blocksOf(bytes)) {
    head ??= bytes.subarray(0, start)
    const block = bytes.subarray(start, end)
    if (kind === 'image') return Buffer.concat([head, control, block, Buffer.of(trailer)])
    if (block[1] === graphicControlLabel) control = block
  }
  return Buffer.from(bytes)
}

/** A frame need not fill the screen, nor stay in it. What it leaves free is transparent. */
function onScreen({ patch, dims }: ParsedFrame, width: number, height: number): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4)
  const columns = Math.min(dims.width, width - dims.left)
  const rows = Math.min(dims.height, height - dims.top)
  if (columns > 0) {
    for (let row = 0; row < rows; row++) {
      const from = row * dims.width * 4
      const to = ((dims.top + row) * width + dims.left) * 4
      rgba.set(patch.subarray(from, from + columns * 4), to)
    }
  }
  return { width, height, rgba }
}

/** The widest codes, in bits (GIF89a, appendix F). */
const maxCodeBits = 12

/**
 * Does every string begin with the code of a single pixel? The decoders on npm do not check that: a file of
 * fifty bytes makes them loop until the process dies.
 *
 * @param firstWidth the width of a pixel in bits, 1 to 8
 * @param data the bytes without their block lengths
 */
export function hasValidLzwCodes(firstWidth: number, data: ArrayLike<number>): boolean {
  const clear = 2 ** firstWidth
  const end = clear + 1
  let width = firstWidth + 1
  let known = clear + 2
  let isFirst = true
  for (let at = 0; at + width <= data.length * 8; ) {
    const code = bitsAt(data, at, width)
    at += width
    // Where decoders stop.
    if (code !== clear && (code === end || code > known)) return true
    if (isFirst && code > clear) return false
    if (code === clear) known = clear + 2
    else if (!isFirst) known = Math.min(known + 1, 2 ** maxCodeBits)
    isFirst = code === clear
    width = Math.min(Math.max(firstWidth + 1, bitLength(known)), maxCodeBits)
  }
  return true
}

function bitLength(value: number): number {
  return 32 - Math.clz32(value)
}

/** `count` bits from bit `at` on, the lowest first; at most 12, so that they are in three bytes. */
function bitsAt(data: ArrayLike<number>, at: number, count: number): number {
  const byte = at >> 3
  const three = (data[byte] ?? 0) | ((data[byte + 1] ?? 0) << 8) | ((data[byte + 2] ?? 0) << 16)
  return (three >> (at & 7)) & (2 ** count - 1)
}
