import { describe, expect, test } from 'vitest'
import { checkWebp } from '../../src/images/webp.js'
import { finish } from '../helpers/check.js'
import { webp, webpChunk } from '../helpers/chunks.js'

const check = (bytes: Uint8Array) => finish(checkWebp(bytes))

/** Numbers of three bytes each. */
function uint24(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(3 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUIntLE(value, 3 * index, 3)
  return bytes
}

/** A lossless image's header, and the first byte of what follows it. */
function lossless(width: number, height: number, bits = 0): Buffer {
  const payload = Buffer.of(0x2f, 0, 0, 0, 0, 0)
  payload.writeUInt32LE(((width - 1) | ((height - 1) << 14) | bits) >>> 0, 1)
  return webpChunk('VP8L', payload)
}

/** A lossy image's header with this tag, and what follows it. */
function lossy(width: number, height: number, tag = 0, ...rest: readonly number[]): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width)
  size.writeUInt16LE(height, 2)
  const payload = [uint24(tag), Buffer.of(0x9d, 0x01, 0x2a), size, Buffer.from(rest)]
  return webpChunk('VP8 ', Buffer.concat(payload))
}

const canvas = webpChunk('VP8X', Buffer.concat([Buffer.alloc(4), uint24(29, 19)]))

/** An animation frame of this place and size. */
function frame(place: readonly [number, number, number, number], ...chunks: Buffer[]): Buffer {
  const [x, y, width, height] = place
  const header = uint24(x / 2, y / 2, width - 1, height - 1, 100)
  return webpChunk('ANMF', Buffer.concat([header, Buffer.of(0), ...chunks]))
}

const other = webpChunk('ABCD', Buffer.of(1))
const whole = frame([0, 0, 30, 20], lossless(30, 20))

describe('checkWebp', () => {
  test.each([
    ['lossless', webp(lossless(30, 20)), 30, 20],
    ['of the largest size', webp(lossless(16_384, 16_384)), 16_384, 16_384],
    ['with opacity', webp(lossless(30, 20, 1 << 28)), 30, 20],
    ['lossy', webp(lossy(30, 20)), 30, 20],
    ['lossy, with a first partition', webp(lossy(30, 20, 2 << 5, 1, 2)), 30, 20],
    ['lossy, to be scaled', webp(lossy(0xc000 | 30, 0x4000 | 20)), 30, 20],
    ['followed by another chunk', webp(lossless(30, 20), other), 30, 20],
    ['on a canvas', webp(canvas, other, lossless(30, 20), other), 30, 20],
    ['lossy on a canvas', webp(canvas, lossy(30, 20)), 30, 20],
    ['of frames', webp(canvas, whole, frame([28, 18, 2, 2], other, lossy(2, 2), other)), 30, 20],
    ['with a tail', Buffer.concat([webp(lossless(30, 20)), other]), 30, 20],
  ])('accepts an image %s', (_what, bytes, width, height) => {
    expect(check(bytes)).toEqual({ isComplete: true, width, height })
  })

  test.each([
    ['a page', Buffer.from('<p>')],
    ['another RIFF file', webpChunk('RIFF', Buffer.from('WAVEfmt '))],
  ])('refuses %s', (_what, bytes) => {
    expect(check(bytes)).toEqual({ isComplete: false, reason: 'wrong_format' })
  })

  test.each([
    ['nothing', webp()],
    ['another chunk first', webp(webpChunk('ABCD', lossless(30, 20).subarray(8)))],
    ['a cut chunk header', webp(lossless(30, 20), Buffer.from('ABCD'))],
    ['a chunk without its payload', webp(lossless(30, 20), other.subarray(0, 8))],
    ['a chunk that does not fit', webp(lossless(30, 20), other.subarray(0, -1))],
    ['a lossless header too short', webp(webpChunk('VP8L', Buffer.of(0x2f, 0, 0, 0, 0)))],
    ['another signature', webp(webpChunk('VP8L', Buffer.alloc(6)))],
    ['a later version', webp(lossless(30, 20, 1 << 29))],
    ['a lossy header too short', webp(webpChunk('VP8 ', lossy(30, 20).subarray(8, 13)))],
    ['another start code', webp(webpChunk('VP8 ', Buffer.of(0, 0, 0, 1, 1, 1, 30, 0, 20, 0)))],
    ['no key frame', webp(lossy(30, 20, 1))],
    ['a first partition that does not fit', webp(lossy(30, 20, 3 << 5, 1, 2))],
    ['no width', webp(lossy(0, 20))],
    ['no height', webp(lossy(30, 0))],
    ['a canvas header too long', webp(webpChunk('VP8X', Buffer.alloc(11)), lossless(1, 1))],
    ['a canvas header too short', webp(webpChunk('VP8X', Buffer.alloc(9)), lossless(1, 1))],
    ['an empty canvas', webp(canvas, other)],
    ['a cut chunk on its canvas', webp(canvas, lossless(30, 20), Buffer.from('ABCD'))],
    ['a picture less wide than its canvas', webp(canvas, lossless(29, 20))],
    ['a picture less high than its canvas', webp(canvas, lossless(30, 19))],
    ['a frame header too short', webp(canvas, webpChunk('ANMF', Buffer.alloc(11)))],
    ['a frame without a picture', webp(canvas, frame([0, 0, 2, 2], other))],
    ['a picture smaller than its frame', webp(canvas, frame([0, 0, 3, 2], lossless(2, 2)))],
    ['a cut chunk in a frame', webp(canvas, frame([0, 0, 2, 2], lossless(2, 2), Buffer.of(1)))],
    ['a frame too far right', webp(canvas, whole, frame([28, 0, 3, 2], lossless(3, 2)))],
    ['a frame too far down', webp(canvas, whole, frame([0, 18, 2, 3], lossless(2, 3)))],
  ])('refuses an image with %s', (_what, bytes) => {
    expect(check(bytes)).toEqual({ isComplete: false, reason: 'damaged' })
  })
})
