import { describe, expect, test } from 'vitest'
import {
  colorParameters,
  fit,
  halfBlocks,
  scale,
  thumbnail,
} from '../../../src/commands/show/half-blocks.js'
import type { Pixels } from '../../../src/images/format.js'

const red = [255, 0, 0, 255]
const blue = [0, 0, 255, 255]
const clear = [9, 9, 9, 0]
const pixels: Readonly<Record<string, readonly number[]>> = { r: red, b: blue, '.': clear }

/** A picture of these rows, a letter for each pixel: `rb br`. */
function picture(text: string): Pixels {
  const rows = text.split(' ').map((row) => [...row].map((letter) => pixels[letter] ?? clear))
  return {
    width: rows[0]?.length ?? 0,
    height: rows.length,
    rgba: Uint8ClampedArray.from(rows.flat(2)),
  }
}

const pixelsOf = ({ rgba }: Pixels) =>
  Array.from({ length: rgba.length / 4 }, (_, at) => [...rgba.subarray(4 * at, 4 * at + 4)])

describe('a thumbnail', () => {
  test('of a large picture has every nth pixel of every nth row', () => {
    const [width, height] = [1500, 1001]
    const rgba = new Uint8ClampedArray(width * height * 4)
    rgba.set(red)
    rgba.set(blue, (1000 * width + 1498) * 4)
    const small = thumbnail({ width, height, rgba })
    expect(small).toMatchObject({ width: 750, height: 501 })
    expect(pixelsOf(small)[0]).toEqual(red)
    expect(pixelsOf(small).at(-1)).toEqual(blue)
  })

  test('of a small picture is the picture', () => {
    const small = picture('rb')
    expect(thumbnail(small)).toBe(small)
  })
})

describe('scaling', () => {
  test.each([
    ['gives each pixel the mean of the area that it covers', 'rb br', 1, [[128, 0, 128, 255]]],
    ['weights a pixel by its covered part', 'rbb', 2, [[170, 0, 85, 255], blue]],
    ['enlarges a small picture', 'rb', 4, [red, red, blue, blue]],
    ['takes no color from a transparent pixel', 'r.', 1, [[255, 0, 0, 128]]],
    ['leaves a transparent picture transparent', '.', 1, [[0, 0, 0, 0]]],
  ])('%s', (_what, rows, width, expected) => {
    expect(pixelsOf(scale(picture(rows), width, 1))).toEqual(expected)
  })

  test('keeps the ratio of a picture, and centers it', () => {
    const tall = fit(picture('r r'), 4, 4)
    expect(pixelsOf(tall).map(([, , , alpha]) => alpha)).toEqual([
      0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0,
    ])
  })
})

describe('half blocks', () => {
  test.each([
    [
      'the upper pixel in front of the lower one',
      'rr bb',
      ['\u001b[0;38;2;255;0;0;48;2;0;0;255m▀▀\u001b[0m'],
    ],
    [
      "the terminal's background where a pixel is transparent",
      'r.. .r.',
      ['\u001b[0;38;2;255;0;0m▀▄\u001b[0m \u001b[0m'],
    ],
    [
      'half a line at the end of an odd height',
      '. . b',
      ['\u001b[0m \u001b[0m', '\u001b[0;38;2;0;0;255m▀\u001b[0m'],
    ],
  ])('show %s', (_what, rows, lines) => {
    expect(halfBlocks(picture(rows), 'true')).toEqual(lines)
  })
})

test.each([
  [[0, 0, 0], 16],
  [[255, 255, 255], 231],
  [[255, 0, 0], 196],
  [[0, 95, 135], 24],
  [[128, 128, 128], 244],
  [[250, 10, 5], 196],
] as const)('the nearest of 256 colors to %j is %i', (color, number) => {
  expect(colorParameters(color, '256')).toBe(`5;${number}`)
})
