import { inflateSync } from 'node:zlib'
import type { ParsedFrame } from 'gifuct-js'
import { type ImageFormat, maxPixels, type Pixels, type Size } from './format.js'
import { blocksOf, trailer } from './gif.js'
import { imageChecker } from './image.js'
import { chunksOf } from './png.js'

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

/**
 * The pixels of a whole PNG of this size; undefined if its image data are not what it needs. The decoder does
 * not check that: kilobytes can inflate to gigabytes, and what is missing would be taken from memory.
 */
async function decodePng(bytes: Uint8Array, { width, height }: Size): Promise<Pixels | undefined> {
  const { PNG } = await import('pngjs')
  const file = Buffer.from(bytes)
  const chunks = [...chunksOf(file)]
  const deflated = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  try {
    // A pixel takes at most eight bytes, and a row of them one more.
    const inflated = inflateSync(Buffer.concat(deflated), { maxOutputLength: 9 * width * height })
    // It refuses bytes after IEND.
    const { bpp, depth, data } = PNG.sync.read(file.subarray(0, chunks.at(-1)?.end))
    const rowLength = 1 + Math.ceil((width * bpp * depth) / 8)
    if (inflated.length < rowLength * height) return undefined
    return { width, height, rgba: new Uint8ClampedArray(data) }
  } catch {
    // Their errors have no types.
    return undefined
  }
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
  const left = Math.min(dims.left, width)
  const columns = Math.min(dims.width, width - left)
  const rows = Math.min(dims.height, height - dims.top)
  for (let row = 0; row < rows; row++) {
    const from = row * dims.width * 4
    const to = ((dims.top + row) * width + left) * 4
    rgba.set(patch.subarray(from, from + columns * 4), to)
  }
  return { width, height, rgba }
}

/** The highest code: the widest are of 12 bits (GIF89a, appendix F). */
const maxCode = 2 ** 12 - 1

/**
 * Does every string begin with the code of a single pixel? The decoders on npm do not check that: a file of
 * fifty bytes makes them loop until the process dies.
 *
 * @param firstWidth the width of a pixel in bits, 2 to 8
 * @param data the bytes without their block lengths
 */
export function hasValidLzwCodes(firstWidth: number, data: ArrayLike<number>): boolean {
  const clear = 2 ** firstWidth
  const end = clear + 1
  // Of the codes that may come next. Each code that follows another defines one.
  let highest = clear
  let at = 0
  while (at < data.length * 8) {
    const width = bitLength(highest)
    const code = bitsAt(data, at, width)
    if (code === end) return true
    // Decoders stop at it; where it is the first of a string, they may loop.
    if (code > highest) return highest > clear
    highest = code === clear ? clear : Math.min(Math.max(highest, end) + 1, maxCode)
    at += width
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
