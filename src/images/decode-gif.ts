import { decompressFrame, type ParsedFrame, parseGIF } from 'gifuct-js'
import { maxPixels, type Pixels, type Size } from './format.js'
import { blocksOf, trailer } from './gif.js'

/** The first picture of a whole GIF, on its screen of this size; undefined where it cannot be shown. */
export function decodeGif(bytes: Uint8Array, { width, height }: Size): Pixels | undefined {
  const frame = firstFrame(bytes)
  return frame && onScreen(frame, width, height)
}

/** The decoder trusts a frame's header, so it is checked first. */
function firstFrame(bytes: Uint8Array): ParsedFrame | undefined {
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
 * Does every string begin with the code of a single pixel? The decoders that npm has do not ask: a file
 * of fifty bytes keeps them going round in their table until the process dies.
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
