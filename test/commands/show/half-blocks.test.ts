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

function picture(rows: readonly (readonly number[])[][]): Pixels {
  const width = rows[0]?.length ?? 0
  return { width, height: rows.length, rgba: Uint8ClampedArray.from(rows.flat(2)) }
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
    const small = picture([[red, blue]])
    expect(thumbnail(small)).toBe(small)
  })
})

describe('scaling', () => {
  test('gives each pixel the mean of the area that it covers', () => {
    const scaled = scale(
      picture([
        [red, blue],
        [blue, red],
      ]),
      1,
      1,
    )
    expect(pixelsOf(scaled)).toEqual([[128, 0, 128, 255]])
  })

  test('weights a partly covered pixel by the covered part', () => {
    const scaled = scale(picture([[red, blue, blue]]), 2, 1)
    expect(pixelsOf(scaled)).toEqual([[170, 0, 85, 255], blue])
  })

  test('enlarges a small picture', () => {
    expect(pixelsOf(scale(picture([[red, blue]]), 4, 1))).toEqual([red, red, blue, blue])
  })

  test('keeps the ratio of a picture, and centers it', () => {
    const tall = fit(picture([[red], [red]]), 4, 4)
    expect(pixelsOf(tall).map(([, , , alpha]) => alpha)).toEqual([
      0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0,
    ])
  })

  test('takes no color from a transparent pixel', () => {
    const scaled = scale(picture([[red, clear]]), 1, 1)
    expect(pixelsOf(scaled)).toEqual([[255, 0, 0, 128]])
    expect(pixelsOf(scale(picture([[clear]]), 1, 1))).toEqual([[0, 0, 0, 0]])
  })
})

describe('half blocks', () => {
  test('have the upper pixel in the foreground and the lower one in the background', () => {
    const lines = halfBlocks(
      picture([
        [red, red],
        [blue, blue],
      ]),
      'true',
    )
    expect(lines).toEqual(['\u001b[0;38;2;255;0;0;48;2;0;0;255m▀▀\u001b[0m'])
  })

  test("leave the terminal's background where a pixel is transparent", () => {
    const lines = halfBlocks(
      picture([
        [red, clear, clear],
        [clear, red, clear],
      ]),
      'true',
    )
    expect(lines).toEqual(['\u001b[0;38;2;255;0;0m▀▄\u001b[0m \u001b[0m'])
  })

  test('end with half a line if the height is odd', () => {
    expect(halfBlocks(picture([[red], [red], [blue]]), '256')[1]).toBe(
      '\u001b[0;38;5;21m▀\u001b[0m',
    )
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
