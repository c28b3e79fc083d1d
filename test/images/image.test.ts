import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import type { CheckSteps, ImageFormat } from '../../src/images/format.js'
import { imageFormats } from '../../src/images/format.js'
import { checkGif } from '../../src/images/gif.js'
import { imageChecker } from '../../src/images/image.js'
import { checkPng } from '../../src/images/png.js'
import { checkSvg } from '../../src/images/svg.js'
import { checkWebp } from '../../src/images/webp.js'
import { finish } from '../helpers/check.js'
import { png, pngChunk, pngHeader, webp, webpChunk } from '../helpers/chunks.js'
import { gif } from '../helpers/gif.js'

const checks: Record<ImageFormat, (bytes: Uint8Array) => CheckSteps> = {
  gif: checkGif,
  png: checkPng,
  svg: checkSvg,
  webp: checkWebp,
}
const check = (format: ImageFormat, bytes: Uint8Array) => finish(checks[format](bytes))

/** Noise with opacity, of 23 × 13 pixels. */
const picture = () =>
  sharp({
    create: {
      width: 23,
      height: 13,
      channels: 4,
      background: '#0a08',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
/** Two pictures of 23 × 13, one light and one dark. */
const animation = () =>
  sharp(Buffer.alloc(23 * 26 * 4, 200).fill(99, 23 * 13 * 4), {
    raw: { width: 23, height: 26, channels: 4, pageHeight: 13 },
  })
const encodedBy = (image: (picture: Sharp) => Sharp) => () => image(picture()).toBuffer()
const svgNamespace = 'xmlns="http://www.w3.org/2000/svg"'

/** Images of 23 × 13 pixels from real encoders. */
const encoders: readonly [format: ImageFormat, what: string, encode: () => Promise<Uint8Array>][] =
  [
    ['gif', 'by sharp', encodedBy((image) => image.gif())],
    ['gif', 'animated', () => animation().gif().toBuffer()],
    ['png', 'by sharp', encodedBy((image) => image.png())],
    ['png', 'with a palette', encodedBy((image) => image.png({ palette: true, colours: 4 }))],
    ['png', 'in gray', encodedBy((image) => image.grayscale().removeAlpha().png())],
    ['png', 'with metadata', encodedBy((image) => image.withExif({ IFD0: { Artist: 'x' } }).png())],
    ['png', '16 bits deep', encodedBy((image) => image.toColourspace('rgb16').png())],
    ['webp', 'lossy', encodedBy((image) => image.removeAlpha().webp())],
    ['webp', 'lossy with opacity', encodedBy((image) => image.webp({ quality: 40 }))],
    ['webp', 'lossless', encodedBy((image) => image.webp({ lossless: true }))],
    [
      'webp',
      'with metadata',
      encodedBy((image) => image.withExif({ IFD0: { Artist: 'x' } }).webp()),
    ],
    ['webp', 'animated', () => animation().webp().toBuffer()],
    [
      'svg',
      'with a declaration, a comment and CDATA',
      async () =>
        Buffer.from(
          `<?xml version="1.0" encoding="UTF-8"?><!--ä--><svg ${svgNamespace} width="23px" height="13"><style><![CDATA[a>b{}]]></style><g><path d="M0 0"/></g></svg>`,
        ),
    ],
  ]

/** The lengths at which a cut image passes, or is not recognized as cut. */
function undetectedCuts(format: ImageFormat, bytes: Uint8Array): number[] {
  const lengths = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1)
  return lengths.filter((length) => {
    const result = check(format, bytes.subarray(0, length))
    return result.isComplete || result.reason !== 'truncated'
  })
}

/** The bytes that can be flipped in an image that still passes. */
function undetectedFlips(format: ImageFormat, bytes: Uint8Array): number[] {
  const flipped = Buffer.from(bytes)
  return [...bytes.keys()].filter((at) => {
    flipped[at] = ~(bytes[at] ?? 0)
    const { isComplete } = check(format, flipped)
    flipped[at] = bytes[at] ?? 0
    return isComplete
  })
}

describe.each(encoders)('a %s image %s', (format, _what, create) => {
  test('passes with its size, and is truncated when it is cut at any byte', async () => {
    const bytes = await create()
    expect(check(format, bytes)).toEqual({ isComplete: true, width: 23, height: 13 })
    expect(undetectedCuts(format, bytes)).toEqual([])
  })

  test('is checked without an exception when any byte is flipped; PNG does not pass', async () => {
    const passing = undetectedFlips(format, await create())
    if (format === 'png') expect(passing).toEqual([])
    else expect(passing).not.toContain(0)
  })
})

const flags = 'src/server/flags'

test.each(imageFormats)('every embedded %s passes with its size', async (format) => {
  const codes = readdirSync(flags).filter((name) => name !== 'LICENSE')
  expect(codes).toHaveLength(270)
  const width = format === 'svg' ? 640 : 320
  const checkImage = await imageChecker(format)
  for (const cc of codes) {
    const result = await checkImage(readFileSync(join(flags, cc, `${cc}.${format}`)))
    expect(result, cc).toEqual({ isComplete: true, width, height: (width * 3) / 4 })
  }
})

test.each(imageFormats)('an empty body is no %s', async (format) => {
  const checkImage = await imageChecker(format)
  expect(await checkImage(Buffer.of())).toEqual({ isComplete: false, reason: 'empty' })
})

test('an image is checked at once if that takes no time', async () => {
  const bytes = await picture().png().toBuffer()
  const checkImage = await imageChecker('png')
  const clock = vi.spyOn(process, 'uptime').mockReturnValue(0)
  let isLater = false
  setImmediate(() => {
    isLater = true
  })
  await checkImage(bytes)
  clock.mockRestore()
  expect(isLater).toBe(false)
})

describe('a hostile body', () => {
  const header = pngHeader(1, 1, 8, 0, 0, 0, 0)
  const text = Array(300).fill(pngChunk('teXt'))
  const lossless = webpChunk('VP8L', Buffer.of(0x2f, 0, 0, 0, 0, 0))
  const unknown = Array(300).fill(webpChunk('ABCD', Buffer.of()))
  const extensions = Buffer.alloc(900, Buffer.of(0x21, 0xf9, 0))

  test.each([
    ['png', png(header, ...text, pngChunk('IDAT'), pngChunk('IEND'))],
    ['webp', webp(lossless, ...unknown)],
    ['gif', Buffer.concat([gif().subarray(0, 19), extensions, gif().subarray(19)])],
  ] as const)('of %s with tiny parts lets others run between them', async (format, body) => {
    const checkImage = await imageChecker(format)
    let turns = 0
    let isDone = false
    const turn = () => {
      turns += 1
      if (!isDone) setImmediate(turn)
    }
    setImmediate(turn)
    // Much time passes between two looks at the clock.
    let now = 0
    const clock = vi.spyOn(process, 'uptime').mockImplementation(() => {
      now += 0.01
      return now
    })
    const results = await Promise.all([checkImage(body), checkImage(body)])
    isDone = true
    clock.mockRestore()
    expect(results.map(({ isComplete }) => isComplete)).toEqual([true, true])
    // One after the other, or several would block as long as one may.
    expect(turns).toBeGreaterThanOrEqual(600)
  })
})
