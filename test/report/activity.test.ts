import { expect, test } from 'vitest'
import { type Activity, createActivity } from '../../src/report/activity.js'

const attempt = (code: string, number = 1) => ({
  code,
  url: `http://h/${code}`,
  attempt: number,
  maxAttempts: 4,
})
const end = (code: string, number = 1) => ({ ...attempt(code, number), durationMs: 5 })

/** What the run is waiting for, in a wide and in a narrow terminal. */
const waits = (activity: Activity, now: number) => {
  const wait = activity.waitingFor(now)
  return wait && [wait.text, wait.short]
}

test('a run is waiting for its open requests once a second has passed without a result', () => {
  const activity = createActivity(1000)
  expect(waits(activity, 9000)).toBeUndefined()
  activity.attemptStarted(attempt('BR'))
  expect(waits(activity, 1999)).toBeUndefined()
  expect(waits(activity, 2000)).toEqual(['waiting for 1 answer', 'waiting for 1'])
  activity.attemptStarted(attempt('CN'))
  expect(waits(activity, 2000)).toEqual(['waiting for 2 answers', 'waiting for 2'])
  activity.attemptEnded(end('CN'))
  activity.flagEnded(2000)
  expect(waits(activity, 2999)).toBeUndefined()
  expect(waits(activity, 3000)).toEqual(['waiting for 1 answer', 'waiting for 1'])
})

test('the retries are counted, with the highest attempt, until the last attempt ends', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...end('BR'), retryInMs: 100 })
  const one = ['retrying 1 (attempt 2 of 4)', 'retrying 1 (2 of 4)']
  expect(waits(activity, 0)).toEqual(one)
  activity.attemptStarted(attempt('BR', 2))
  activity.attemptStarted(attempt('CN', 3))
  activity.attemptStarted(attempt('IN', 2))
  expect(waits(activity, 0)).toEqual(['retrying 3 (attempt 3 of 4)', 'retrying 3 (3 of 4)'])
  activity.attemptEnded(end('CN', 3))
  activity.attemptEnded(end('IN', 2))
  expect(waits(activity, 0)).toEqual(one)
  activity.attemptEnded(end('BR', 2))
  expect(waits(activity, 0)).toBeUndefined()
})

test('the longest host pause counts down and takes precedence over retries', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...end('BR'), retryInMs: 100 })
  activity.hostPaused({ host: 'h', ms: 3000 }, 1000)
  activity.hostPaused({ host: 'short', ms: 2000 }, 1500)
  expect(waits(activity, 1000)).toEqual(['waiting 3 s for h', 'waiting 3 s'])
  expect(waits(activity, 2500)).toEqual(['waiting 2 s for h', 'waiting 2 s'])
  activity.hostPaused({ host: 'long', ms: 3000 }, 1500)
  expect(waits(activity, 3500)).toEqual(['waiting 1 s for long', 'waiting 1 s'])
  expect(waits(activity, 4500)?.[0]).toBe('retrying 1 (attempt 2 of 4)')
})
