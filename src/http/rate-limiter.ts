import { setTimeout as sleep } from 'node:timers/promises'
import { clockMs } from '../node.js'

/** Decides when requests start: not above the rate, and not while their host is paused. */
export interface RateLimiter {
  /** Resolves when a request to this host may start; rejects when the signal aborts. */
  acquire(host: string, signal: AbortSignal, observer?: DelayObserver): Promise<void>
  /**
   * Delays every request to this host by this many milliseconds. False if that pause is already
   * known: the host asks each request in flight for the same one.
   */
  pauseHost(host: string, ms: number): boolean
}

/** Why a request waits: its host asked for a pause, or it would exceed the rate. */
type DelayReason = 'host_pause' | 'rate'

/** Learns of each wait when it begins. */
interface DelayObserver {
  delayed(reason: DelayReason): void
}

/** A timer with a longer delay fires at once. */
const maxTimerMs = 2 ** 31 - 1

/** A pause that exceeds the current one by less than this is the same; milliseconds. */
const newPauseMs = 1000

/** @param ratePerSecond requests a second, over all hosts; Infinity for no limit */
export function createRateLimiter(ratePerSecond: number): RateLimiter {
  const intervalMs = 1000 / ratePerSecond
  const pausedUntil = new Map<string, number>()
  let nextStart = 0

  const waitUntil = async (at: number, signal: AbortSignal) => {
    // A timer may fire a little early, and Retry-After is "not earlier".
    for (let now = clockMs(); now < at; now = clockMs()) {
      await sleep(Math.min(Math.ceil(at - now), maxTimerMs), undefined, { signal })
    }
  }

  return {
    async acquire(host, signal, observer) {
      for (;;) {
        const resumeAt = pausedUntil.get(host) ?? 0
        if (observer && resumeAt > clockMs()) observer.delayed('host_pause')
        await waitUntil(resumeAt, signal)
        const start = Math.max(clockMs(), nextStart)
        nextStart = start + intervalMs
        if (observer && start > clockMs()) observer.delayed('rate')
        await waitUntil(start, signal)
        // Meanwhile the host may have asked another worker for a pause.
        if (clockMs() >= (pausedUntil.get(host) ?? 0)) return
      }
    },
    pauseHost(host, ms) {
      const now = clockMs()
      const until = now + ms
      const before = pausedUntil.get(host) ?? 0
      pausedUntil.set(host, Math.max(until, before))
      return ms > 0 && (before <= now || until - before >= newPauseMs)
    },
  }
}
