import { describe, expect, test } from 'vitest'
import { checkPng } from '../../src/images/png.js'
import { finish } from '../helpers/check.js'
import { png, pngChunk, pngHeader } from '../helpers/chunks.js'

const check = (bytes: Uint8Array) => finish(checkPng(bytes))

const header = pngHeader(3, 2, 8, 0, 0, 0, 0)
const data = pngChunk('IDAT')
const other = pngChunk('teXt')
const end = pngChunk('IEND')

describe('checkPng', () => {
  test.each([
    ['a tail', png(header, data, end, Buffer.from('tail')), 3, 2],
    ['chunks around its data', png(header, other, data, data, other, end), 3, 2],
    ['the largest size', png(pngHeader(2 ** 31 - 1, 1, 16, 6, 0, 0, 1), data, end), 2 ** 31 - 1, 1],
  ])('accepts an image with %s', (_what, bytes, width, height) => {
    expect(check(bytes)).toEqual({ isComplete: true, width, height })
  })

  test('refuses a page', () => {
    expect(check(Buffer.from('<p>'))).toEqual({ isComplete: false, reason: 'wrong_format' })
  })

  test.each([
    [
      'another chunk in place of the header',
      png(pngChunk('teXt', header.subarray(8, -4)), data, end),
    ],
    ['two headers', png(header, header, data, end)],
    ['a chunk between its data', png(header, data, other, data, end)],
    ['no data', png(header, end)],
    ['a digit at the start of a type', png(header, pngChunk('1eXt'), data, end)],
    ['a digit at the end of a type', png(header, pngChunk('teX1'), data, end)],
    ['a wrong CRC', png(header, Buffer.concat([data.subarray(0, -1), Buffer.of(0)]), end)],
    ['a header too long', png(pngHeader(3, 2, 8, 0, 0, 0, 0, 0), data, end)],
    ['no width', png(pngHeader(0, 2, 8, 0, 0, 0, 0), data, end)],
    ['no height', png(pngHeader(3, 0, 8, 0, 0, 0, 0), data, end)],
    ['a width too large', png(pngHeader(2 ** 31, 2, 8, 0, 0, 0, 0), data, end)],
    ['an unknown color type', png(pngHeader(3, 2, 8, 1, 0, 0, 0), data, end)],
    ['a bit depth that its color type has not', png(pngHeader(3, 2, 4, 2, 0, 0, 0), data, end)],
    ['an unknown compression', png(pngHeader(3, 2, 8, 0, 1, 0, 0), data, end)],
    ['an unknown filter', png(pngHeader(3, 2, 8, 0, 0, 1, 0), data, end)],
    ['an unknown interlacing', png(pngHeader(3, 2, 8, 0, 0, 0, 2), data, end)],
  ])('refuses an image with %s', (_what, bytes) => {
    expect(check(bytes)).toEqual({ isComplete: false, reason: 'damaged' })
  })
})
