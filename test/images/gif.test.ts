import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkGif } from '../../src/images/gif.js'
import { gif } from '../helpers/gif.js'

const flags = new URL('../../src/server/flags/', import.meta.url)

describe('the check for a whole GIF', () => {
  test('takes every flag that comes with the program', async () => {
    const names = (await readdir(flags)).filter((name) => name.endsWith('.gif'))
    expect(names).toHaveLength(271)
    for (const name of names) {
      expect(checkGif(await readFile(new URL(name, flags)))).toMatchObject({
        isComplete: true,
        width: 320,
      })
    }
  })

  test('gives the size', () => {
    expect(checkGif(gif('', 300, 200))).toEqual({ isComplete: true, width: 300, height: 200 })
  })

  test('refuses any cut of a whole one', async () => {
    const whole = await readFile(new URL('br.gif', flags))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        expect(checkGif(whole.subarray(0, length))).toEqual({
          isComplete: false,
          reason: 'cut_short',
        })
      }),
      { numRuns: 1000 },
    )
  })

  test('never takes random bytes, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (bytes) => checkGif(bytes).isComplete === false,
      ),
      { numRuns: 2000 },
    )
  })

  test('never throws on a damaged one', () => {
    const whole = gif('comment')
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(whole)
        damaged[at] = value
        expect(checkGif(damaged)).toHaveProperty('isComplete')
      }),
    )
  })

  test.each([
    ['nothing', Buffer.of(), 'empty'],
    ['a page', Buffer.from('<!doctype html><title>Sign in</title>'), 'not_gif'],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'not_gif'],
    ['no image', Buffer.concat([gif().subarray(0, 19), Buffer.of(0x3b)]), 'damaged'],
    ['no size', gif('', 0, 0), 'damaged'],
    ['an unknown block', Buffer.concat([gif().subarray(0, 19), Buffer.of(0x99)]), 'damaged'],
  ])('refuses %s', (_name, bytes, reason) => {
    expect(checkGif(bytes)).toEqual({ isComplete: false, reason })
  })
})
