import { describe, expect, test } from 'vitest'
import { checkGif as checkInSteps } from '../../src/images/gif.js'
import { finish } from '../helpers/check.js'
import { gif } from '../helpers/gif.js'

const checkGif = (bytes: Uint8Array) => finish(checkInSteps(bytes))

/** A whole image, then these bytes where its trailer was. */
function withMore(...bytes: readonly number[]): Buffer {
  return Buffer.concat([gif().subarray(0, -1), Buffer.from(bytes)])
}

/** An image block of one pixel, with this LZW minimum code size and these sub-blocks. */
const image = (codeSize: number, ...data: readonly number[]) =>
  [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, codeSize, ...data, 0] as const

/** An image that has no global color table, but a local one. */
const withColors = Buffer.from([
  ...gif('', 300, 200).subarray(0, 10),
  ...[0, 0, 0],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80, 255, 255, 255, 255, 255, 255],
  ...[2, 2, 0x44, 0x01, 0, 0x3b],
])

describe('checkGif', () => {
  test.each([
    ['of GIF89a', gif('', 300, 200)],
    ['of GIF87a', Buffer.concat([Buffer.from('GIF87a'), gif('', 300, 200).subarray(6)])],
    ['with colors of its own', withColors],
  ])('gives the size of an image %s', (_what, bytes) => {
    expect(checkGif(bytes)).toEqual({ isComplete: true, width: 300, height: 200 })
  })

  test.each([
    ['a page', Buffer.from('<!doctype html><title>Sign in</title>'), 'wrong_format'],
    ['no image', Buffer.concat([gif().subarray(0, 19), Buffer.of(0x3b)]), 'damaged'],
    ['no height', gif('', 5, 0), 'damaged'],
    ['no width', gif('', 0, 5), 'damaged'],
    ['a code size of 1', withMore(...image(1, 1, 0x44), 0x3b), 'damaged'],
    ['a code size of 9', withMore(...image(9, 1, 0x44), 0x3b), 'damaged'],
    ['an image without data', withMore(...image(2), 0x3b), 'damaged'],
    ['an unknown block', withMore(0x99), 'damaged'],
  ])('refuses %s', (_name, bytes, reason) => {
    expect(checkGif(bytes)).toEqual({ isComplete: false, reason })
  })
})
