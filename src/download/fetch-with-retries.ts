import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import type { Failure } from '../http/failure.js'
import type { Pace } from '../http/pace.js'
import { backoffMs, isTransient } from '../http/retry.js'
import type { Settings } from './settings.js'

/** A host asked for rest, and everybody waits. */
export interface Wait {
  readonly host: string
  readonly ms: number
}

/** What all fetches of one run share. */
export interface Client {
  readonly dispatcher: Dispatcher
  readonly pace: Pace
  readonly settings: Settings
  readonly signal: AbortSignal
  /** 0 to 1, for the jitter of the waits between attempts. */
  readonly random: () => number
  readonly onWait?: ((wait: Wait) => void) | undefined
}

/** How fetching something ended, after as many attempts as it took. */
export interface Fetched<Outcome> {
  readonly outcome: Outcome | FailedAttempt
  readonly attempts: number
  /** On the clock of performance.now(). */
  readonly startedAt: number
}

/** An attempt that failed; `retryAfterMs` where the server said when to come back. */
export interface FailedAttempt {
  readonly kind: 'failed'
  readonly failure: Failure
  readonly retryAfterMs?: number | undefined
}

/** Attempts to fetch a URL until it is there, cannot be had, or has been tried often enough. */
export async function fetchWithRetries<Outcome extends { readonly kind: string }>(
  url: URL,
  client: Client,
  attempt: () => Promise<Outcome | FailedAttempt>,
): Promise<Fetched<Outcome>> {
  const { pace, settings, signal } = client
  const startedAt = performance.now()
  for (let attempts = 1; ; attempts++) {
    await pace.turn(url.host, signal)
    const outcome = await attempt()
    const isFinal = !hasFailed(outcome) || !isTransient(outcome.failure)
    if (isFinal || attempts > settings.retries) return { outcome, attempts, startedAt }
    await rest(url.host, outcome, attempts, client)
  }
}

function hasFailed(outcome: { readonly kind: string }): outcome is FailedAttempt {
  return outcome.kind === 'failed'
}

/** The wait before the next attempt: for this one alone, or, where the server asked for it, for all. */
async function rest(
  host: string,
  { failure, retryAfterMs }: FailedAttempt,
  attempts: number,
  { pace, signal, random, onWait }: Client,
): Promise<void> {
  const isTooMany = failure.kind === 'http' && failure.statusCode === 429
  const ms = retryAfterMs ?? backoffMs(attempts, random)
  if (retryAfterMs === undefined && !isTooMany) {
    await sleep(ms, undefined, { signal })
    return
  }
  pace.hold(host, ms)
  onWait?.({ host, ms })
}
