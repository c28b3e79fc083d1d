import { expect, test } from 'vitest'
import { createActivity } from '../../src/report/activity.js'

const attempt = (code: string, number = 1) => ({
  code,
  url: `http://h/${code}`,
  attempt: number,
  maxAttempts: 4,
})
const end = (code: string, number = 1) => ({ ...attempt(code, number), durationMs: 5 })

test('a run is waiting for its open requests once a second has passed without a result', () => {
  const activity = createActivity(1000)
  expect(activity.waitingFor(9000)).toBeUndefined()
  activity.attemptStarted(attempt('BR'))
  expect(activity.waitingFor(1999)).toBeUndefined()
  expect(activity.waitingFor(2000)).toBe('waiting for 1 answer')
  activity.attemptStarted(attempt('CN'))
  expect(activity.waitingFor(2000)).toBe('waiting for 2 answers')
  activity.attemptEnded(end('CN'))
  activity.flagEnded('CN', 2000)
  expect(activity.waitingFor(2999)).toBeUndefined()
  expect(activity.waitingFor(3000)).toBe('waiting for 1 answer')
})

test('retries are counted, with the furthest attempt, until their flags have results', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...end('BR'), retryInMs: 100 })
  expect(activity.waitingFor(0)).toBe('retrying 1 (attempt 2 of 4)')
  activity.attemptStarted(attempt('BR', 2))
  activity.attemptStarted(attempt('CN', 3))
  activity.attemptStarted(attempt('IN', 2))
  expect(activity.waitingFor(0)).toBe('retrying 3 (attempt 3 of 4)')
  activity.flagEnded('CN', 0)
  activity.attemptEnded(end('IN', 2))
  activity.flagEnded('IN', 0)
  expect(activity.waitingFor(0)).toBe('retrying 1 (attempt 2 of 4)')
  activity.flagEnded('BR', 0)
  expect(activity.waitingFor(0)).toBeUndefined()
})

test('the longest host pause counts down and takes precedence over retries', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...end('BR'), retryInMs: 100 })
  activity.hostPaused({ host: 'h', ms: 3000 }, 1000)
  activity.hostPaused({ host: 'short', ms: 2000 }, 1500)
  expect(activity.waitingFor(1000)).toBe('waiting 3 s for h')
  expect(activity.waitingFor(2500)).toBe('waiting 2 s for h')
  activity.hostPaused({ host: 'long', ms: 3000 }, 1500)
  expect(activity.waitingFor(3500)).toBe('waiting 1 s for long')
  expect(activity.waitingFor(4500)).toBe('retrying 1 (attempt 2 of 4)')
})
