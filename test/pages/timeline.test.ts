import { describe, expect, test } from 'vitest'
import type { PhaseEvent } from '../../src/download/phases.js'
import {
  createRecorder,
  figuresOf,
  openChanges,
  type Timeline,
  timelineJson,
} from '../../src/pages/timeline.js'
import { results } from '../helpers/results.js'
import { retriedFlag, timelineOf } from '../helpers/timeline.js'

/** Two flags that are retried at the same time, with two slots of three. */
const two: Timeline = {
  ...timelineOf(0, 3),
  durationMs: 1000,
  flags: [retriedFlag('AA', 0), retriedFlag('BB', 50), retriedFlag('CC', 2000)].slice(0, 2),
}

test('the number of open requests changes at each start and end of connecting, waiting or reading', () => {
  const changes = openChanges(two).map(({ atMs, open }) => [Math.round(atMs), open])
  expect(changes).toEqual([
    [0, 1],
    [50, 2],
    [90, 1],
    [140, 0],
    [250, 1],
    [300, 2],
    [340, 1],
    [390, 0],
  ])
})

describe('the figures of a run', () => {
  test('are the requests, the mean of the open ones, and its share of the slots', () => {
    expect(figuresOf(two)).toMatchObject({ requests: 4, peakOpen: 2 })
    expect(figuresOf(two).meanOpen).toBeCloseTo(0.36)
    // Two flags cannot fill three slots.
    expect(figuresOf(two).shareOfIdeal).toBeCloseTo(0.18)
  })

  test('are 0 if the run ended before its first flag', () => {
    const figures = figuresOf({ ...two, flags: [] })
    expect(figures).toEqual({ requests: 0, peakOpen: 0, meanOpen: 0, shareOfIdeal: 0, slowest: [] })
  })

  test('follow a limit that changes', () => {
    const limits = [
      { atMs: 0, limit: 1 },
      { atMs: 500, limit: 2 },
    ]
    expect(figuresOf({ ...two, limits }).shareOfIdeal).toBeCloseTo(360 / 1500)
  })

  test('name the five slowest flags, without the time in the queue', () => {
    const lasting = (phase: 'queued' | 'checking', startMs: number, endMs: number) => {
      return { phase, attempt: 1, startMs, endMs }
    }
    const flags = [1, 6, 2, 5, 3, 4].map((tens) => {
      const queuedMs = 900 - tens * 100
      const checking = lasting('checking', queuedMs, queuedMs + tens * 10)
      const phases = [lasting('queued', 0, queuedMs), checking]
      return { code: `A${tens}`, status: 'saved' as const, phases }
    })
    const slowest = figuresOf({ ...two, flags }).slowest.map(({ code }) => code)
    expect(slowest).toEqual(['A6', 'A5', 'A4', 'A3', 'A2'])
  })
})

test('a recorded run has its flags in the order in which they left the queue, with their results', () => {
  const { onPhase, onResult, timeline } = createRecorder('local', 5, (code) => `name of ${code}`)
  const queued = (code: string, endedAt: number): PhaseEvent => {
    return { phase: 'queued', code, attempt: 1, startedAt: performance.now(), endedAt }
  }
  onPhase(queued('CN', performance.now() + 20))
  onPhase(queued('BR', performance.now() + 10))
  onResult(results.saved)
  const { flags, limits, startedAt } = timeline()
  expect(flags.map(({ code, status }) => `${code} ${status}`)).toEqual([
    'BR saved',
    'CN interrupted',
  ])
  expect(limits).toEqual([{ atMs: 0, limit: 5 }])
  expect(Math.abs(startedAt - Date.now())).toBeLessThan(60_000)
})

test('the JSON of a run has its phases, to the microsecond', () => {
  const { flags, ...run } = JSON.parse(timelineJson({ ...two, durationMs: 999.999_61 }))
  expect(run).toEqual({
    version: 1,
    startedAt: '2026-01-02T03:04:05.000Z',
    server: 'https://example.org/flags',
    durationMs: 1000,
    limits: [{ atMs: 0, limit: 3 }],
  })
  const [{ phases, ...flag }] = flags
  expect(flag).toEqual({ code: 'AA', status: 'saved', durationMs: 360.123 })
  expect(phases[4]).toEqual({
    startMs: 90.123,
    endMs: 100.123,
    durationMs: 10,
    phase: 'checking',
    attempt: 1,
    failure: { kind: 'http', statusCode: 503, message: '503 Service Unavailable' },
  })
  expect(phases[5]).toMatchObject({ phase: 'delayed', reason: 'back_off', durationMs: 150 })
})
