import { describe, expect, test } from 'vitest'
import {
  type Figures,
  figuresOf,
  idealMs,
  median,
  recommend,
} from '../../../src/commands/bench/statistics.js'

test.each([
  [[3], 3],
  [[10, 9, 2], 9],
  [[4, 1, 3, 2], 2.5],
  [[7, 7], 7],
])('the median of %j is %d', (values, middle) => {
  const given = [...values]
  expect(median(given)).toBe(middle)
  expect(given, 'left as they were').toEqual(values)
})

test.each([
  [100, 1, 10_000],
  [100, 5, 2000],
  [100, 20, 500],
  [100, 100, 100],
  [101, 100, 200],
  [3, 100, 100],
])(
  'the ideal time of %d flags, %d at once, with a delay of 100 ms, is %d ms',
  (flags, concurrency, ms) => {
    expect(idealMs(flags, concurrency, 100)).toBe(ms)
  },
)

describe('the figures of a level', () => {
  const lowest = { concurrency: 1, flags: 100, elapsedMs: [10_400, 10_000, 11_000] }
  const measured = { concurrency: 5, flags: 100, elapsedMs: [2500, 2000, 2600] }

  test('are the median and what follows from it', () => {
    expect(figuresOf(measured, lowest, 100)).toEqual({
      ...measured,
      medianMs: 2500,
      minMs: 2000,
      flagsPerSecond: 40,
      speedUp: 4.16,
      shareOfIdeal: 0.8,
    })
  })

  test('have no share of the ideal if the delay is unknown', () => {
    expect(figuresOf(measured, lowest, undefined).shareOfIdeal).toBeUndefined()
  })

  test('have a speed-up of 1 at the lowest level', () => {
    expect(figuresOf(lowest, lowest, 100).speedUp).toBe(1)
  })
})

describe('the recommended level', () => {
  const level = (concurrency: number, flagsPerSecond: number) =>
    ({ concurrency, flagsPerSecond }) as Figures

  test.each([
    ['the lowest within 10% of the best', [10, 95, 100, 99], 5],
    ['one that is just within', [10, 90, 100, 99], 5],
    ['not one that is just below', [10, 89.9, 100, 99], 20],
    ['the best, where it is alone', [10, 50, 100, 500], 100],
    ['an early best, where more only hurts', [10, 50, 30, 20], 5],
    ['the first, where nothing helps', [10, 10, 10, 10], 1],
  ])('is %s', (_which, speeds, expected) => {
    const levels = [1, 5, 20, 100].map((concurrency, index) =>
      level(concurrency, speeds[index] ?? 0),
    )
    expect(recommend(levels)?.concurrency).toBe(expected)
    expect(recommend(levels.reverse())?.concurrency).toBe(expected)
  })

  test('is undefined if nothing was measured', () => expect(recommend([])).toBeUndefined())
})
