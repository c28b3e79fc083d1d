import { describe, expect, test } from 'vitest'
import { createRateLimiter } from '../../src/http/rate-limiter.js'

const signal = new AbortController().signal

describe('the rate limiter', () => {
  test('lets requests start no faster than the rate, however many ask', async () => {
    const rateLimiter = createRateLimiter(100)
    const begin = performance.now()
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await rateLimiter.acquire(`host-${index % 2}`, signal)
        // The n-th start is at least n intervals after the first: later is allowed, earlier is not.
        expect(performance.now() - begin).toBeGreaterThanOrEqual(index * 10)
      }),
    )
  })

  test('delays every request to one host and none to another', async () => {
    const rateLimiter = createRateLimiter(Number.POSITIVE_INFINITY)
    const begin = performance.now()
    rateLimiter.pauseHost('slow', 100)
    rateLimiter.pauseHost('slow', 10)
    const order: string[] = []
    const turn = async (host: string) => {
      await rateLimiter.acquire(host, signal)
      order.push(host)
      if (host === 'slow') expect(performance.now() - begin).toBeGreaterThanOrEqual(100)
    }
    await Promise.all([turn('slow'), turn('slow'), turn('other')])
    expect(order).toEqual(['other', 'slow', 'slow'])
    // The earlier pause is over.
    expect(rateLimiter.pauseHost('slow', 1)).toBe(true)
  })

  test('distinguishes a new pause, or one longer by a second, from the same one for another worker', () => {
    const rateLimiter = createRateLimiter(Number.POSITIVE_INFINITY)
    const pauses = [0, 2000, 2000, 2900, 5000, 1]
    const news = pauses.map((ms) => rateLimiter.pauseHost('slow', ms))
    expect(news).toEqual([false, true, false, false, true, false])
    expect(rateLimiter.pauseHost('other', 1)).toBe(true)
  })

  test('holds back a request that already waits for the rate', async () => {
    const rateLimiter = createRateLimiter(50)
    await rateLimiter.acquire('slow', signal)
    const waiting = rateLimiter.acquire('slow', signal)
    const begin = performance.now()
    rateLimiter.pauseHost('slow', 60)
    await waiting
    expect(performance.now() - begin).toBeGreaterThanOrEqual(60)
  })

  test('ends a wait at once on abort', async () => {
    const rateLimiter = createRateLimiter(Number.POSITIVE_INFINITY)
    rateLimiter.pauseHost('slow', 3_600_000)
    const stop = new AbortController()
    const turn = rateLimiter.acquire('slow', stop.signal)
    stop.abort()
    await expect(turn).rejects.toThrow(/abort/)
  })
})
