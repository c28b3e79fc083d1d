import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffMs, retryAfterMs } from '../../src/http/retry-policy.js'

const now = new Date('2026-01-02T03:04:05Z')
const asked = (value: string, statusCode = 429) =>
  retryAfterMs(statusCode, { 'retry-after': value }, now)

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['12', 12_000],
    [' 7 ', 7000],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Friday, 02-Jan-26 03:04:15 GMT', 10_000],
    ['Fri Jan  2 03:04:15 2026', 10_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ])('%j is %i ms', (value, ms) => expect(asked(value)).toBe(ms))

  test.each(['', '-5', '1.5', '1e3', 'soon', '2026-01-02', 'Friday'])('%j is ignored', (value) =>
    expect(asked(value)).toBeUndefined(),
  )

  test('counts only with 429 and 503', () => {
    expect(asked('1', 503)).toBe(1000)
    expect(asked('1', 500)).toBeUndefined()
    expect(retryAfterMs(429, {}, now)).toBeUndefined()
  })

  test('is a time not in the past or nothing, whatever a server sends', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = asked(value)
        expect(ms === undefined || ms >= 0).toBe(true)
      }),
    )
    fc.assert(fc.property(fc.nat(), (seconds) => asked(String(seconds)) === seconds * 1000))
    fc.assert(
      fc.property(fc.date({ min: now, max: new Date('2099-01-01'), noInvalidDate: true }), (at) => {
        const wholeSeconds = Math.floor(at.getTime() / 1000) * 1000
        expect(asked(at.toUTCString())).toBe(wholeSeconds - now.getTime())
      }),
    )
  })
})

describe('the backoff', () => {
  test('doubles up to a limit', () => {
    const longest = [1, 2, 3, 4, 10, 100].map((attempt) => backoffMs(attempt, () => 1))
    expect(longest).toEqual([200, 400, 800, 1600, 10_000, 10_000])
  })

  test('has full jitter', () => {
    expect(backoffMs(3, () => 0)).toBe(0)
    expect(backoffMs(3, () => 0.5)).toBe(400)
  })
})
