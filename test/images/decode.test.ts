import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage, hasValidLzwCodes } from '../../src/images/decode.js'
import { png, pngChunk, pngHeader } from '../helpers/chunks.js'
import { gif } from '../helpers/gif.js'

const decodeGif = (bytes: Uint8Array) => decodeImage(bytes, 'gif')

const uint16 = (...values: readonly number[]) =>
  values.flatMap((value) => [value & 255, value >> 8])

/** A GIF of this size on white and black, with these blocks. */
function gifOf([width, height]: readonly [number, number], ...blocks: readonly number[]): Buffer {
  const screen = [...uint16(width, height), 0x80, 0, 0, 255, 255, 255, 0, 0, 0]
  return Buffer.from([...Buffer.from('GIF89a'), ...screen, ...blocks, 0x3b])
}

const gifWith = (...blocks: readonly number[]) => gifOf([2, 2], ...blocks)

/** Clear, 0, 1, 1, 0, end: three bits each, four from the fourth pixel on. */
const imageData = [2, 3, 0x44, 0x02, 0x05, 0]

/** A frame of this left, top, width and height. */
const frame = (place: readonly number[], data = imageData) => [
  0x2c,
  ...uint16(...place),
  0,
  ...data,
]
const picture = frame([0, 0, 2, 2])

/** The bytes of these codes, the lowest bit first (GIF89a, appendix F). */
function packed(codes: readonly number[], widths: readonly number[]): number[] {
  const bits = codes.flatMap((code, index) =>
    Array.from({ length: widths[index] ?? 0 }, (_, bit) => (code >> bit) & 1),
  )
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
    bits.slice(8 * byte, 8 * byte + 8).reduce((sum, bit, index) => sum | (bit << index), 0),
  )
}

const white = [255, 255, 255, 255]
const black = [0, 0, 0, 255]
const nothing = [0, 0, 0, 0]

describe('decoding a GIF', () => {
  const extension = [0x21, 0x42, 1, 0, 0]
  const comment = [0x21, 0xfe, 1, 0x41, 0]
  const blackIsTransparent = [0x21, 0xf9, 4, 1, 0, 0, 1, 0]

  test.each([
    ['its pixels', picture, [white, black, black, white]],
    [
      'the pixels of its first picture',
      [...picture, ...frame([1, 1, 2, 2])],
      [white, black, black, white],
    ],
    [
      'no pixel that is transparent',
      [...extension, ...blackIsTransparent, ...comment, ...picture],
      [white, nothing, nothing, white],
    ],
    ['those inside its screen', frame([1, 1, 2, 2]), [nothing, nothing, nothing, white]],
    [
      'nothing of a frame on the right of it',
      frame([5, 1, 2, 2]),
      [nothing, nothing, nothing, nothing],
    ],
    ['nothing of a frame below it', frame([0, 2, 2, 2]), [nothing, nothing, nothing, nothing]],
  ])('gives %s', async (_what, blocks, pixels) => {
    const rgba = Uint8ClampedArray.from(pixels.flat())
    expect(await decodeGif(gifWith(...blocks))).toEqual({ width: 2, height: 2, rgba })
  })

  test('follows codes that grow to the widest and begin again', async () => {
    // 16,384 pixels of noise fill the table of 4,096 codes several times.
    const size = { width: 128, height: 128 }
    const noise = Buffer.from(
      Array.from({ length: size.width * size.height }, (_, index) => index ** 3 % 251),
    )
    const encoded = await sharp(noise, { raw: { ...size, channels: 1 } })
      .gif({ colours: 256, dither: 0 })
      .toBuffer()
    const pixels = await decodeGif(encoded)
    const expected = await sharp(encoded).ensureAlpha().raw().toBuffer()
    expect(Buffer.from(pixels?.rgba ?? []).equals(expected)).toBe(true)
  })

  test.each([
    [2, 1],
    [2, 4],
    [8, 1],
    // The table is full.
    [8, 4200],
  ])('refuses a string that begins nowhere, after pixels of %d bits in %d codes', (bits, count) => {
    const clear = 2 ** bits
    // The n-th code defines clear + n, and may be that. 769 is the end's 257, and a bit in the third byte.
    const before = Array.from({ length: count }, (_, n) =>
      n === 0 ? 0 : Math.min(clear + n + 1, 769),
    )
    const widths = before.map((_, n) => Math.min((clear + n + 1).toString(2).length, 12))
    const clearWidth = Math.min((clear + count + 1).toString(2).length, 12)
    const isValid = (first: number) =>
      hasValidLzwCodes(
        bits,
        packed([clear, ...before, clear, first], [bits + 1, ...widths, clearWidth, bits + 1]),
      )
    expect(isValid(clear + 2)).toBe(false)
    expect(isValid(clear - 1)).toBe(true)
  })

  test.each([
    [true, [0b1001, 0b1010], 'is the end'],
    [true, [0, 0b1011, 0b1000, 0b1010], 'is not defined yet'],
    [false, [0b1000, 0b1010], 'begins nowhere'],
    [false, [0b1010, 0], 'begins nowhere, as the first one'],
  ])('gives %s for the codes %j, of which one %s', (isValid, codes) => {
    const fours = codes.map(() => 4)
    expect(hasValidLzwCodes(3, packed(codes, fours))).toBe(isValid)
  })

  test.each([
    ['a screen', (height: number) => gifOf([2500, height], ...picture)],
    ['a frame', (height: number) => gifWith(...frame([0, 0, 2500, height]))],
  ])('decodes %s of five million pixels, and none of more', async (_what, create) => {
    expect(await decodeGif(create(2000))).toBeDefined()
    expect(await decodeGif(create(2001))).toBeUndefined()
  })

  test.each([
    ['a file that is not a GIF', Buffer.from('<html>')],
    ['a cut GIF', gif().subarray(0, -5)],
    // A first code that stands for a string: it makes decoders loop in their tables.
    ['codes that refer to nothing', gifWith(...frame([0, 0, 9, 9], [2, 3, 0xb4, 0x6d, 0xdb, 0]))],
    ['codes too wide', gifWith(...frame([0, 0, 2, 2], [30, 1, 0x44, 0]))],
    [
      'no colors at all',
      Buffer.from([...Buffer.from('GIF89a'), 2, 0, 2, 0, 0, 0, 0, ...picture, 0x3b]),
    ],
  ])('gives undefined for %s', async (_, bytes) => {
    expect(await decodeGif(bytes)).toBeUndefined()
  })

  test('ends with any image data', async () => {
    const data = fc.uint8Array({ minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), data, async (codeSize, bytes) => {
        const image = frame([0, 0, 20, 20], [codeSize, bytes.length, ...bytes, 0])
        const pixels = await decodeGif(gifWith(...image))
        expect(pixels?.rgba.length ?? 16).toBe(16)
      }),
      { numRuns: 300 },
    )
  })
})

describe('decoding a PNG', () => {
  const end = pngChunk('IEND')
  const pixelData = (...bytes: readonly number[]) =>
    pngChunk('IDAT', deflateSync(Buffer.from(bytes)))
  const oneBit = png(pngHeader(2, 2, 1, 0, 0, 0, 0), pixelData(0, 0x80, 0, 0x40), end)
  const palette = pngChunk('PLTE', Buffer.of(255, 255, 255, 0, 0, 0))

  test.each([
    ['one bit of gray', oneBit],
    [
      'an interlaced palette',
      png(pngHeader(2, 2, 1, 3, 0, 0, 1), palette, pixelData(0, 0, 0, 0x80, 0, 0x80), end),
    ],
    [
      'colors, and a palette for screens that have few',
      png(
        pngHeader(2, 2, 8, 2, 0, 0, 0),
        palette,
        pixelData(0, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255),
        end,
      ),
    ],
    ['bytes after its end', Buffer.concat([oneBit, end])],
  ])('with %s gives its pixels', async (_what, bytes) => {
    const rgba = Uint8ClampedArray.from([white, black, black, white].flat())
    expect(await decodeImage(bytes, 'png')).toEqual({ width: 2, height: 2, rgba })
  })

  test('takes at most nine bytes of image data a pixel', async () => {
    const red = [255, 255, 0, 0, 0, 0, 255, 255]
    const deep = (...more: readonly number[]) =>
      png(pngHeader(1, 1, 16, 6, 0, 0, 0), pixelData(0, ...red, ...more), end)
    const rgba = Uint8ClampedArray.of(255, 0, 0, 255)
    expect(await decodeImage(deep(), 'png')).toEqual({ width: 1, height: 1, rgba })
    expect(await decodeImage(deep(0), 'png')).toBeUndefined()
  })

  test.each([
    ['are not deflated', pngChunk('IDAT', Buffer.of(1, 2, 3))],
    ['end a byte too early', pixelData(...Array<number>(13).fill(0))],
  ])('gives undefined for image data that %s', async (_what, data) => {
    const bytes = png(pngHeader(2, 2, 8, 2, 0, 0, 0), data, end)
    expect(await decodeImage(bytes, 'png')).toBeUndefined()
  })
})
