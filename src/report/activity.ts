import type { AttemptEnd, AttemptStart, HostPause } from '../download/download-context.js'
import { hostPauseText } from './format.js'

/** Silence of less than this needs no explanation, milliseconds. */
const silenceMs = 1000

/** What a run is doing at present, for the progress bar. Times are of performance.now(). */
export interface Activity {
  attemptStarted(attempt: AttemptStart): void
  attemptEnded(attempt: AttemptEnd): void
  hostPaused(pause: HostPause, now: number): void
  /** A flag has its result. */
  flagEnded(code: string, now: number): void
  /** What the run is waiting for; undefined where results keep coming. */
  waitingFor(now: number): string | undefined
}

/** @param startedAt when the run started */
export function createActivity(startedAt: number): Activity {
  const open = new Set<string>()
  const retrying = new Map<string, AttemptStart>()
  let pause: { host: string; until: number } | undefined
  let lastResultAt = startedAt

  return {
    attemptStarted(attempt) {
      open.add(attempt.url)
      if (attempt.attempt > 1) retrying.set(attempt.code, attempt)
    },
    attemptEnded({ code, url, attempt, maxAttempts, retryInMs }) {
      open.delete(url)
      if (retryInMs !== undefined)
        retrying.set(code, { code, url, attempt: attempt + 1, maxAttempts })
    },
    hostPaused({ host, ms }, now) {
      const until = now + ms
      if (!pause || until > pause.until) pause = { host, until }
    },
    flagEnded(code, now) {
      retrying.delete(code)
      lastResultAt = now
    },
    waitingFor(now) {
      if (pause && now < pause.until) {
        return hostPauseText({ host: pause.host, ms: pause.until - now })
      }
      if (retrying.size > 0) return retryingText([...retrying.values()])
      if (now - lastResultAt < silenceMs || open.size === 0) return undefined
      return `waiting for ${open.size} ${open.size === 1 ? 'answer' : 'answers'}`
    },
  }
}

function retryingText(attempts: readonly AttemptStart[]): string {
  const furthest = attempts.reduce((a, b) => (b.attempt > a.attempt ? b : a))
  return `retrying ${attempts.length} (attempt ${furthest.attempt} of ${furthest.maxAttempts})`
}
