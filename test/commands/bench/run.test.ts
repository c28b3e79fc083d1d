import { expect, test } from 'vitest'
import { planBench, requestsOf } from '../../../src/commands/bench/run.js'

test('a plan has each level once, sorted', () => {
  const plan = planBench({ levels: [20, 1, 5, 5], runs: 3, flags: 100 })
  expect(plan).toEqual({ levels: [1, 5, 20], runs: 3, flags: 100, omittedLevels: [] })
})

test('a plan omits levels above the number of flags', () => {
  const plan = planBench({ levels: [1, 20, 21, 100], runs: 1, flags: 20 })
  expect(plan).toMatchObject({ levels: [1, 20], omittedLevels: [21, 100] })
})

test('a plan without levels is a usage error', () => {
  expect(() => planBench({ levels: [100, 50], runs: 1, flags: 20 })).toThrow(
    'level 50 is above the number of flags (20): raise --limit or lower --levels',
  )
})

test('the number of requests includes every run and the warm-up', () => {
  expect(requestsOf({ levels: [1, 5, 20], runs: 3, flags: 20 })).toBe(200)
})
