import { readdir, readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ImageChecker, imageChecker } from '../../src/images/check-image.js'
import { checkPng } from '../../src/images/png.js'
import { checkSvg } from '../../src/images/svg.js'
import { checkWebp } from '../../src/images/webp.js'

const svgFolder = 'node_modules/flag-icons/flags/4x3'

const noise = sharp({
  create: {
    width: 33,
    height: 17,
    channels: 4,
    background: '#0a08',
    noise: { type: 'gaussian', mean: 128, sigma: 30 },
  },
})

async function animatedWebp(): Promise<Buffer> {
  const frames = Buffer.alloc(8 * 16 * 4, 200)
  return sharp(frames, { raw: { width: 8, height: 16, channels: 4, pageHeight: 8 } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer()
}

const encoders: readonly [name: string, encode: () => Promise<Buffer>][] = [
  ['png', () => noise.clone().png().toBuffer()],
  ['png', () => noise.clone().png({ palette: true }).toBuffer()],
  ['png', () => noise.clone().png({ progressive: true }).toBuffer()],
  ['png', () => noise.clone().greyscale().removeAlpha().png().toBuffer()],
  ['png', () => noise.clone().toColourspace('rgb16').png().toBuffer()],
  ['webp', () => noise.clone().webp().toBuffer()],
  ['webp', () => noise.clone().removeAlpha().webp({ quality: 40 }).toBuffer()],
  ['webp', () => noise.clone().webp({ lossless: true }).toBuffer()],
  [
    'webp',
    () =>
      noise
        .clone()
        .withExif({ IFD0: { Copyright: 'x' } })
        .webp()
        .toBuffer(),
  ],
]

const checkers = new Map<string, ImageChecker>()
beforeAll(async () => {
  for (const format of ['gif', 'png', 'svg', 'webp'] as const) {
    checkers.set(format, await imageChecker(format))
  }
})

describe('a real image', () => {
  test.each(encoders)(
    '%s passes with its size; cut anywhere, it does not',
    async (format, encode) => {
      const bytes = await encode()
      const check = checkers.get(format) as ImageChecker
      expect(check(bytes)).toEqual({ isComplete: true, width: 33, height: 17 })
      for (let end = 0; end < bytes.length; end++) {
        expect(check(bytes.subarray(0, end)).isComplete, `${end} of ${bytes.length}`).toBe(false)
      }
    },
  )

  test('animated WebP passes', async () => {
    expect(checkWebp(await animatedWebp())).toEqual({ isComplete: true, width: 8, height: 8 })
  })

  test('PNG with any byte of its chunks flipped does not pass', async () => {
    const bytes = await noise.clone().png().toBuffer()
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = ~(flipped[at] ?? 0)
      expect(checkPng(flipped).isComplete, String(at)).toBe(false)
    }
  })

  test('WebP with any byte flipped is checked without an exception', async () => {
    const bytes = await noise.clone().webp().toBuffer()
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = ~(flipped[at] ?? 0)
      checkWebp(flipped)
    }
  })

  test('SVG of every country passes; cut anywhere, it does not', async () => {
    const names = await readdir(svgFolder)
    expect(names.length).toBeGreaterThan(240)
    for (const name of names) {
      const bytes = await readFile(`${svgFolder}/${name}`)
      expect(checkSvg(bytes), name).toEqual({ isComplete: true, width: 640, height: 480 })
    }
    const br = (await readFile(`${svgFolder}/br.svg`)).toString().trimEnd()
    for (let end = 1; end < br.length; end += 7) {
      expect(checkSvg(Buffer.from(br.slice(0, end))).isComplete, String(end)).toBe(false)
    }
    expect(checkSvg(Buffer.from(br.slice(0, -1)))).toMatchObject({ reason: 'truncated' })
  })
})
