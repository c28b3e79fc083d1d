import type { FlagTimeline, Timeline, TimelinePhase } from '../../src/pages/timeline.js'

/** The phases of an attempt that takes 100 ms from `startMs` on. */
function attemptPhases(attempt: number, startMs: number): TimelinePhase[] {
  const time = (from: number, to: number) => ({
    attempt,
    startMs: startMs + from + 0.123,
    endMs: startMs + to + 0.123,
  })
  const connection = {
    isReused: attempt > 1,
    dnsMs: 1.5,
    tlsMs: 4.5,
    remoteAddress: '127.0.0.1',
    localPort: 54_321,
  }
  const request = {
    url: 'https://example.org/flags/aa/aa.gif?a=1',
    headers: { accept: 'image/gif' },
  }
  return [
    { phase: 'connecting', ...request, connection, ...time(0, 10) },
    { phase: 'waiting', ...time(10, 70) },
    { phase: 'reading', statusCode: 200, headers: {}, bytes: 99, ...time(70, 90) },
    { phase: 'checking', ...time(90, 100) },
  ]
}

const failure = {
  kind: 'http',
  statusCode: 503,
  message: '503 Service Unavailable',
} as const

/** A flag that starts at `startMs`, fails, and is saved at its second attempt. */
export function retriedFlag(code: string, startMs: number): FlagTimeline {
  const first = attemptPhases(1, startMs)
  const [delayMs, second] = [startMs + 100.123, attemptPhases(2, startMs + 250)]
  return {
    code,
    status: 'saved',
    phases: [
      { phase: 'queued', attempt: 1, startMs: 0, endMs: startMs + 0.123 },
      ...first.slice(0, -1),
      ...first.slice(-1).map((phase) => ({ ...phase, failure })),
      {
        phase: 'delayed',
        reason: 'back_off',
        attempt: 2,
        startMs: delayMs,
        endMs: startMs + 250.123,
      },
      ...second,
      { phase: 'saving', attempt: 2, startMs: startMs + 350.123, endMs: startMs + 360.123 },
    ],
  }
}

/** A run of `count` flags, each of them retried; `limit` of them start at once. */
export function timelineOf(count: number, limit: number): Timeline {
  const flags = Array.from({ length: count }, (_, index) => {
    const code = String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))
    return retriedFlag(code, Math.floor(index / limit) * 400)
  })
  return {
    server: 'https://example.org/flags',
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    durationMs: Math.ceil(count / limit) * 400,
    limits: [{ atMs: 0, limit }],
    flags,
  }
}
