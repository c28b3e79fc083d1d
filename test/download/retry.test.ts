import { describe, expect, test } from 'vitest'
import { downloadFlags } from '../../src/download/download-flags.js'
import { collect } from '../helpers/collect.js'
import { type Answer, rudeServer, status, whole } from '../helpers/rude-server.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('Retry-After', () => {
  test('pauses every worker for that host, and is reported once, whoever it was sent to', async () => {
    const slow = status('429 Slow', 'Retry-After: 1')
    const held: (() => void)[] = []
    // Both workers are under way when the first of them is answered.
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
    // Requests under way with the 429 may still arrive; then none does for a second.
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
