import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure } from '../http/failure.js'
import { backoffMs, isTransient } from '../http/retry-policy.js'
import type { DownloadContext } from './download-context.js'

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

/** Repeats an attempt until it succeeds, fails for good, or has used up its retries. */
export async function fetchWithRetries<Outcome extends { readonly kind: string }>(
  url: URL,
  context: RetryContext,
  attempt: () => Promise<Outcome | FailedAttempt>,
): Promise<Fetched<Outcome>> {
  const { rateLimiter, settings, signal } = context
  const startedAt = performance.now()
  for (let attempts = 1; ; attempts++) {
    await rateLimiter.acquire(url.host, signal)
    const outcome = await attempt()
    const isFinal = !hasFailed(outcome) || !isTransient(outcome.failure)
    if (isFinal || attempts > settings.retries) return { outcome, attempts, startedAt }
    await waitBeforeRetry(url.host, outcome, attempts, context)
  }
}

function hasFailed(outcome: { readonly kind: string }): outcome is FailedAttempt {
  return outcome.kind === 'failed'
}

/** Backs off, or, where the server asked for it, pauses every worker for that host. */
async function waitBeforeRetry(
  host: string,
  { failure, retryAfterMs }: FailedAttempt,
  attempts: number,
  { rateLimiter, signal, random, events }: RetryContext,
): Promise<void> {
  const isTooMany = failure.kind === 'http' && failure.statusCode === 429
  const ms = retryAfterMs ?? backoffMs(attempts, random)
  if (retryAfterMs === undefined && !isTooMany) {
    await sleep(ms, undefined, { signal })
    return
  }
  rateLimiter.pauseHost(host, ms)
  events.onHostPause?.({ host, ms })
}
