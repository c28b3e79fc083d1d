import pLimit from 'p-limit'
import { describe, expect, test } from 'vitest'
import type {
  AttemptEnd,
  AttemptStart,
  DownloadEvents,
} from '../../src/download/download-context.js'
import { downloadFlags } from '../../src/download/download-flags.js'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import { type FailedAttempt, fetchWithRetries } from '../../src/download/retry.js'
import type { SettingsOptions } from '../../src/download/settings.js'
import { failure } from '../../src/http/failure.js'
import { createRateLimiter } from '../../src/http/rate-limiter.js'
import { clockMs } from '../../src/node.js'
import { collect } from '../helpers/collect.js'
import { type Answer, rudeServer, status, whole } from '../helpers/rude-server.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('Retry-After', () => {
  test('pauses every worker for that host, and is reported once, whoever it was sent to', async () => {
    const slow = status('429 Slow', 'Retry-After: 1')
    const held: (() => void)[] = []
    // Both workers have sent their requests when the first one is answered.
    const slowToBoth: Answer = (socket, code) => {
      held.push(() => slow(socket, code))
      if (held.length === 2) for (const answer of held) answer()
    }
    const answers = [slowToBoth, whole]
    const { url, arrivals } = await rudeServer({ AA: answers, BB: answers })
    const waits: string[] = []
    const codes = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF']
    const results = await collect(
      downloadFlags(codes, {
        server: url,
        output: await tempFolder(),
        concurrency: 2,
        onHostPause: ({ host, ms }) => waits.push(`${host} ${ms}`),
      }),
    )
    expect(results.every((result) => result.status === 'saved')).toBe(true)
    expect(waits).toEqual([`${new URL(url).host} 1000`])
    // Requests in flight with the 429 may still arrive; then none does for a second.
    const gaps = arrivals.slice(1).map(({ at }, index) => at - (arrivals[index]?.at ?? 0))
    expect(Math.max(...gaps)).toBeGreaterThan(900)
    expect(arrivals.findIndex((_, index) => (gaps[index] ?? 0) > 900)).toBeLessThanOrEqual(2)
  })

  test('does not outlast the run', async () => {
    const { url } = await rudeServer({ AA: [status('503 Rest', 'Retry-After: 59'), whole] })
    const stop = new AbortController()
    const run = collect(
      downloadFlags(['AA', 'BB'], {
        server: url,
        output: await tempFolder(),
        signal: stop.signal,
        onHostPause: () => stop.abort(new Error('enough')),
      }),
    )
    await expect(run).rejects.toThrow('enough')
  })
})

describe('the rate', () => {
  test('limits the starts of requests over all workers, retries included', async () => {
    const { url, arrivals } = await rudeServer({ AA: [status('500 Trouble'), whole] })
    const begin = performance.now()
    const codes = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'GG', 'HH']
    await collect(
      downloadFlags(codes, {
        server: url,
        output: await tempFolder(),
        concurrency: 8,
        ratePerSecond: 20,
      }),
    )
    expect(arrivals).toHaveLength(9)
    for (const [index, { at }] of arrivals.entries()) {
      expect(index).toBeLessThanOrEqual((at - begin) / 50)
    }
  })
})

describe('the back-off', () => {
  const flag = { code: 'AA', url: new URL('http://h/aa.gif') }

  type RetryOptions = DownloadEvents & Pick<SettingsOptions, 'retries' | 'concurrency'>

  /** Retries as often as it may, after a first attempt that ends with this status. */
  function retryAfter(
    statusCode: number,
    random: number,
    signal = new AbortController().signal,
    { retries, concurrency, ...listeners }: RetryOptions = {},
  ) {
    const rateLimiter = createRateLimiter(Number.POSITIVE_INFINITY)
    const pauses: number[] = []
    const events = { onHostPause: ({ ms }: { ms: number }) => pauses.push(ms), ...listeners }
    const limit = pLimit(1)
    const settings = resolveSettings({ retries: retries ?? 1, concurrency })
    const failed: FailedAttempt = { kind: 'failed', failure: failure({ kind: 'http', statusCode }) }
    let attempts = 0
    const begin = performance.now()
    const fetched = fetchWithRetries(
      flag,
      { limit, rateLimiter, settings, signal, random: () => random, events },
      async () => (attempts++ > 0 && retries === undefined ? { kind: 'saved' } : failed),
    )
    return { fetched, limit, rateLimiter, pauses, begin }
  }

  test('is repeated until the retries are used up, each attempt with its events', async () => {
    const events: object[] = []
    let firstAttemptAt: number | undefined
    const { fetched } = retryAfter(500, 0, undefined, {
      retries: 2,
      onAttemptStart(start) {
        events.push(start)
        firstAttemptAt ??= clockMs()
      },
      onAttemptEnd: ({ durationMs, ...facts }: AttemptEnd) => {
        expect(durationMs).toBeLessThan(60_000)
        events.push(facts)
      },
    })
    expect(await fetched).toMatchObject({ outcome: { kind: 'failed' }, attempts: 3 })
    expect((await fetched).startedAt).toBeLessThanOrEqual(firstAttemptAt ?? 0)
    const starts = [1, 2, 3].map((attempt) => ({
      code: 'AA',
      url: 'http://h/aa.gif',
      attempt,
      maxAttempts: 3,
    }))
    const end = { failure: expect.objectContaining({ statusCode: 500 }), retryInMs: 0 }
    expect(events).toEqual([
      ...starts.slice(0, 2).flatMap((start) => [start, { ...start, ...end }]),
      starts[2],
      { ...starts[2], ...end, retryInMs: undefined },
    ])
  })

  test.each([
    [5, 'keeps the slot', [1, 'another flag', 2, 'in the slot']],
    ['auto', 'leaves the slot to others', [1, 'another flag', 'in the slot', 2]],
  ] as const)('after a 500 delays that flag only; with %s it %s', async (concurrency, _, order) => {
    const seen: (number | string)[] = []
    const onAttemptStart = ({ attempt }: AttemptStart) => void seen.push(attempt)
    const options = { concurrency, onAttemptStart }
    const { fetched, limit, rateLimiter, pauses } = retryAfter(500, 1, undefined, options)
    await new Promise(setImmediate)
    await rateLimiter.acquire('h', new AbortController().signal)
    seen.push('another flag')
    await Promise.all([fetched, limit(async () => seen.push('in the slot'))])
    expect(seen).toEqual(order)
    expect(pauses).toEqual([])
    expect(await fetched).toMatchObject({ outcome: { kind: 'saved' }, attempts: 2 })
  })

  test('after a 429 without Retry-After pauses every worker for the host', async () => {
    const { fetched, rateLimiter, pauses, begin } = retryAfter(429, 0.5)
    await new Promise(setImmediate)
    await rateLimiter.acquire('h', new AbortController().signal)
    expect(performance.now() - begin).toBeGreaterThanOrEqual(100)
    expect(pauses).toEqual([100])
    await fetched
  })

  test.each([500, 429])('after a %i ends at once on abort', async (statusCode) => {
    const stop = new AbortController()
    // A wait of days.
    const { fetched } = retryAfter(statusCode, 1e6, stop.signal)
    await new Promise(setImmediate)
    stop.abort()
    await expect(fetched).rejects.toThrow(/abort/)
  })
})
