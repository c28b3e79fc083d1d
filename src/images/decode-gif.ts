import { decompressFrame, type ParsedFrame, parseGIF } from 'gifuct-js'
import { checkGif } from './gif.js'
import { canFollow } from './lzw-codes.js'
import type { Pixels } from './pixels.js'

/** A few hundred bytes can claim to be four thousand million pixels; this many are 40 MB. */
const mostPixels = 10_000_000

/** The bits of a pixel: 8 are all 256 colours of a table. */
const widestPixel = 8

/** The first picture of a GIF, on its screen; undefined for anything but a whole GIF that can be shown. */
export function decodeGif(bytes: Uint8Array): Pixels | undefined {
  const gif = checkGif(bytes)
  if (!gif.isWhole || gif.width * gif.height > mostPixels) return undefined
  const frame = firstFrame(bytes)
  return frame && onScreen(frame, gif.width, gif.height)
}

/** The decoder trusts what a frame says of itself, so that is held against limits first. */
function firstFrame(bytes: Uint8Array): ParsedFrame | undefined {
  try {
    const { frames, gct } = parseGIF(Uint8Array.from(bytes).buffer)
    const frame = frames.find((part) => 'image' in part)
    if (!frame) return undefined
    const { descriptor, data } = frame.image
    const isSound =
      descriptor.width * descriptor.height <= mostPixels &&
      data.minCodeSize >= 1 &&
      data.minCodeSize <= widestPixel &&
      canFollow(data.minCodeSize, data.blocks)
    return isSound ? decompressFrame(frame, gct, true) : undefined
  } catch {
    // It has no name for what it stumbles over.
    return undefined
  }
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
