import type { AttemptEnd, AttemptStart, HostPause } from '../download/download-context.js'
import { hostPauseText, pauseText } from './format.js'

/** Silence of less than this needs no explanation, milliseconds. */
const silenceMs = 1000

/** What a run is doing at present. Times are milliseconds since the process started. */
export interface Activity {
  attemptStarted(attempt: AttemptStart): void
  attemptEnded(attempt: AttemptEnd): void
  hostPaused(pause: HostPause, now: number): void
  /** A flag has its result. */
  flagEnded(now: number): void
  /** The run was interrupted, and finishes what is in progress. */
  stopping(): void
  /** What the run is waiting for; undefined where results keep coming. */
  waitingFor(now: number): Wait | undefined
}

/** What a run is waiting for. */
export interface Wait {
  readonly text: string
  /** The same for narrow terminals. */
  readonly short: string
}

/** @param startedAt when the run started */
export function createActivity(startedAt: number): Activity {
  const open = new Set<string>()
  const retrying = new Map<string, AttemptStart>()
  let pause: { host: string; until: number } | undefined
  let lastResultAt = startedAt
  let isStopping = false

  return {
    attemptStarted(attempt) {
      open.add(attempt.url)
      if (attempt.attempt > 1) retrying.set(attempt.code, attempt)
    },
    attemptEnded({ code, url, attempt, maxAttempts, retryInMs }) {
      open.delete(url)
      if (retryInMs === undefined) retrying.delete(code)
      else retrying.set(code, { code, url, attempt: attempt + 1, maxAttempts })
    },
    hostPaused({ host, ms }, now) {
      const until = now + ms
      if (!pause || until > pause.until) pause = { host, until }
    },
    flagEnded(now) {
      lastResultAt = now
    },
    stopping() {
      isStopping = true
    },
    waitingFor(now) {
      if (isStopping) return { text: 'stopping', short: 'stopping' }
      if (pause && now < pause.until) {
        const ms = pause.until - now
        return { text: hostPauseText({ host: pause.host, ms }), short: pauseText(ms) }
      }
      if (retrying.size > 0) return retryWait([...retrying.values()])
      if (now - lastResultAt < silenceMs || open.size === 0) return undefined
      const short = `waiting for ${open.size}`
      return { text: `${short} ${open.size === 1 ? 'answer' : 'answers'}`, short }
    },
  }
}

function retryWait(attempts: readonly AttemptStart[]): Wait {
  const furthest = attempts.reduce((a, b) => (b.attempt > a.attempt ? b : a))
  const count = `${furthest.attempt} of ${furthest.maxAttempts}`
  const retrying = `retrying ${attempts.length}`
  return { text: `${retrying} (attempt ${count})`, short: `${retrying} (${count})` }
}
