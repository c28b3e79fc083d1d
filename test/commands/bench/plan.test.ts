import fc from 'fast-check'
import { expect, test } from 'vitest'
import { benchDefaults, planBench, planNotes } from '../../../src/commands/bench/plan.js'
import { UsageError } from '../../../src/errors.js'

const noMost = Number.POSITIVE_INFINITY

test('a bench of our own server is what was wished for, in order', () => {
  expect(planBench({ levels: [20, 1, 5, 5], runs: 3, flags: 100 }, noMost)).toEqual({
    levels: [1, 5, 20],
    runs: 3,
    flags: 100,
    leftOut: [],
    requests: 1000,
  })
})

test('within 200 requests, the default is 20 flags a run, which fill three of the levels', () => {
  const plan = planBench(benchDefaults, 200)
  expect(plan).toEqual({ levels: [1, 5, 20], runs: 3, flags: 20, leftOut: [100], requests: 200 })
  expect(planNotes(plan, benchDefaults)).toEqual([
    'without --yes, 200 requests in all: 20 flags a run, not 100',
    'levels left out, which 20 flags cannot fill: 100',
  ])
})

test('there is nothing to note where all is as wished', () => {
  expect(planNotes(planBench(benchDefaults, noMost), benchDefaults)).toEqual([])
})

test.each([
  [{ levels: [50, 100], runs: 1, flags: 20 }, noMost, /20 flags cannot fill level 50: .*--limit/],
  [{ levels: [100], runs: 3, flags: 100 }, 200, /200 requests cannot fill level 100: .*--yes/],
  [{ levels: [1, 5], runs: 200, flags: 100 }, 200, /200 requests cannot fill level 1: .*--runs/],
])('%j within %d requests is a usage error', (wish, max, message) => {
  expect(() => planBench(wish, max)).toThrow(UsageError)
  expect(() => planBench(wish, max)).toThrow(message)
})

test('no plan sends more requests than it may, or has a level that it cannot fill', () => {
  const wishes = fc.record({
    levels: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 }),
    runs: fc.integer({ min: 1, max: 100 }),
    flags: fc.integer({ min: 1, max: 249 }),
  })
  fc.assert(
    fc.property(wishes, fc.integer({ min: 1, max: 1000 }), (wish, max) => {
      let plan: ReturnType<typeof planBench>
      try {
        plan = planBench(wish, max)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
        return
      }
      expect((plan.levels.length * plan.runs + 1) * plan.flags).toBe(plan.requests)
      expect(plan.requests).toBeLessThanOrEqual(max)
      expect(plan.flags).toBeLessThanOrEqual(wish.flags)
      expect(Math.max(...plan.levels)).toBeLessThanOrEqual(plan.flags)
      const sorted = [...new Set(wish.levels)].sort((a, b) => a - b)
      expect([...plan.levels, ...plan.leftOut]).toEqual(sorted)
    }),
  )
})
