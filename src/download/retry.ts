import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure } from '../http/failure.js'
import { backoffMs, isTransient } from '../http/retry-policy.js'
import type { DownloadContext } from './download-context.js'
import type { PhaseTracker } from './phases.js'

/** An attempt that failed; `retryAfterMs` where the server said when to come back. */
export interface FailedAttempt {
  readonly kind: 'failed'
  readonly failure: Failure
  readonly retryAfterMs?: number | undefined
}

/** The last attempt's outcome, with what it took to get there. */
export interface Fetched<Outcome> {
  readonly outcome: Outcome | FailedAttempt
  readonly attempts: number
  /** On the clock of performance.now(). */
  readonly startedAt: number
}

/** What `fetchWithRetries` needs of a download's context. */
export type RetryContext = Pick<
  DownloadContext,
  'rateLimiter' | 'settings' | 'signal' | 'random' | 'events'
>

/** A file to fetch for a flag. */
export interface FetchTarget {
  readonly code: string
  readonly url: URL
  /** Set where somebody follows the flag's phases. */
  readonly phases?: PhaseTracker | undefined
}

/** Repeats an attempt until it succeeds, fails for good, or has used up its retries. */
export async function fetchWithRetries<Outcome extends { readonly kind: string }>(
  { code, url, phases }: FetchTarget,
  context: RetryContext,
  attempt: () => Promise<Outcome | FailedAttempt>,
): Promise<Fetched<Outcome>> {
  const { rateLimiter, settings, signal, events } = context
  // The run may have ended while the flag waited for its slot.
  signal.throwIfAborted()
  const startedAt = performance.now()
  phases?.started(url.href, startedAt)
  const maxAttempts = settings.retries + 1
  for (let attempts = 1; ; attempts++) {
    await rateLimiter.acquire(url.host, signal, phases)
    const attemptStartedAt = performance.now()
    const start = { code, url: url.href, attempt: attempts, maxAttempts }
    events.onAttemptStart?.(start)
    const outcome = await attempt()
    const durationMs = performance.now() - attemptStartedAt
    const failed = hasFailed(outcome) ? outcome : undefined
    if (failed) phases?.failed(failed.failure)
    const isFinal = !failed || !isTransient(failed.failure) || attempts === maxAttempts
    const retryInMs = isFinal ? undefined : retryDelayMs(failed, attempts, context)
    events.onAttemptEnd?.({ ...start, durationMs, failure: failed?.failure, retryInMs })
    if (!failed || retryInMs === undefined) return { outcome, attempts, startedAt }
    if (isHostPause(failed)) pauseHost(url.host, retryInMs, context)
    else {
      phases?.delayed('back_off')
      await sleep(retryInMs, undefined, { signal })
    }
  }
}

/** The rate limiter keeps every worker waiting; only a new pause is reported. */
function pauseHost(host: string, ms: number, { rateLimiter, events }: RetryContext): void {
  if (rateLimiter.pauseHost(host, ms)) events.onHostPause?.({ host, ms })
}

function hasFailed(outcome: { readonly kind: string }): outcome is FailedAttempt {
  return outcome.kind === 'failed'
}

function retryDelayMs(
  { retryAfterMs }: FailedAttempt,
  attempts: number,
  { random }: RetryContext,
): number {
  return retryAfterMs ?? backoffMs(attempts, random)
}

/** Did the server ask for a pause? Then it is one for every worker. */
function isHostPause({ failure, retryAfterMs }: FailedAttempt): boolean {
  const isTooMany = failure.kind === 'http' && failure.statusCode === 429
  return retryAfterMs !== undefined || isTooMany
}
