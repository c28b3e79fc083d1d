import { expect, test } from 'vitest'
import {
  addToTally,
  countsAsFailure,
  emptyTally,
  type FlagResult,
  tallyTotal,
} from '../../src/download/result.js'
import { results } from '../helpers/results.js'

const all: readonly FlagResult[] = Object.values(results)

test('a tally counts each status, and the bytes of what was saved', () => {
  const tally = [...all, results.saved].reduce(addToTally, emptyTally)
  expect(tally).toEqual({ saved: 2, unchanged: 1, notFound: 1, failed: 1, bytes: 1998 })
  expect(tallyTotal(tally)).toBe(5)
})

test('a failed flag counts as a failure, a flag that is not found only if its code was given', () => {
  const failures = (codes: string[]) =>
    all.filter((result) => countsAsFailure(result, new Set(codes))).map(({ status }) => status)
  expect(failures([])).toEqual(['failed'])
  expect(failures(['BR', 'CN', 'XX'])).toEqual(['not_found', 'failed'])
})
