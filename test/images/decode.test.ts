import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage, hasValidLzwCodes } from '../../src/images/decode.js'
import { gif } from '../helpers/gif.js'

const decodeGif = (bytes: Uint8Array) => decodeImage(bytes, 'gif')

/** A GIF of 2 × 2 on white and black, with this image block. */
function gifWith(...block: readonly number[]): Buffer {
  const screen = [2, 0, 2, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0]
  return Buffer.from([...Buffer.from('GIF89a'), ...screen, ...block, 0x3b])
}

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
  test('gives its pixels', async () => {
    // Clear, 0, 1, 1, 0, end: three bits each, four from the fourth pixel on.
    const block = [0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 0x02, 0x05, 0]
    const pixels = await decodeGif(gifWith(...block))
    expect(pixels).toMatchObject({ width: 2, height: 2 })
    expect([...(pixels?.rgba ?? [])]).toEqual([white, black, black, white].flat())
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
    const { data } = await sharp(encoded).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect(Buffer.from(pixels?.rgba ?? []).equals(data)).toBe(true)
  })

  test('refuses a string that begins nowhere, even after codes that grew and began again', () => {
    // Clear, three pixels that make the codes a bit wider, a fourth, clear, the bad code, and a bit.
    const codes = [0b100, 0, 1, 1, 1, 0b0100, 0b110, 1]
    const widths = [3, 3, 3, 3, 4, 4, 3, 1]
    expect(hasValidLzwCodes(2, packed(codes, widths))).toBe(false)
    expect(hasValidLzwCodes(2, packed([...codes.slice(0, -2), 0, 0], widths))).toBe(true)
  })

  test('puts a frame in its place, and nothing outside the screen', async () => {
    // 2 × 1 at (1, 1): white, and a pixel that lies outside.
    const block = [0x2c, 1, 0, 1, 0, 2, 0, 1, 0, 0, 2, 2, 0x04, 0x0a, 0]
    const pixels = await decodeGif(gifWith(...block))
    expect([...(pixels?.rgba ?? [])]).toEqual([nothing, nothing, nothing, white].flat())
  })

  test.each([
    ['a file that is not a GIF', Buffer.from('<html>')],
    ['a cut GIF', gif().subarray(0, -5)],
    ['a screen too large', gif('', 65_535, 65_535)],
    ['a frame too large', gifWith(0x2c, 0, 0, 0, 0, 255, 255, 255, 255, 0, 2, 1, 0x44, 0)],
    // A first code that stands for a string: it makes decoders loop in their tables.
    [
      'codes that refer to nothing',
      gifWith(0x2c, 0, 0, 0, 0, 9, 0, 9, 0, 0, 2, 3, 0xb4, 0x6d, 0xdb, 0),
    ],
    ['codes too wide', gifWith(0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 30, 1, 0x44, 0)],
    [
      'no colors at all',
      Buffer.concat([
        Buffer.from('GIF89a'),
        Buffer.of(2, 0, 2, 0, 0, 0, 0),
        Buffer.of(0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 0x02, 0x05, 0, 0x3b),
      ]),
    ],
  ])('gives undefined for %s', async (_, bytes) => {
    expect(await decodeGif(bytes)).toBeUndefined()
  })

  test('ends with any image data', async () => {
    const data = fc.uint8Array({ minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), data, async (codeSize, bytes) => {
        const image = [0x2c, 0, 0, 0, 0, 20, 0, 20, 0, 0, codeSize, bytes.length, ...bytes, 0]
        const pixels = await decodeGif(gifWith(...image))
        expect(pixels?.rgba.length ?? 16).toBe(16)
      }),
      { numRuns: 300 },
    )
  })
})
