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
  { code, url }: { readonly code: string; readonly url: URL },
  context: RetryContext,
  attempt: () => Promise<Outcome | FailedAttempt>,
): Promise<Fetched<Outcome>> {
  const { rateLimiter, settings, signal, events } = context
  const startedAt = performance.now()
  const maxAttempts = settings.retries + 1
  for (let attempts = 1; ; attempts++) {
    await rateLimiter.acquire(url.host, signal)
    const attemptStartedAt = performance.now()
    const start = { code, url: url.href, attempt: attempts, maxAttempts }
    events.onAttemptStart?.(start)
    const outcome = await attempt()
    const durationMs = performance.now() - attemptStartedAt
    const failed = hasFailed(outcome) ? outcome : undefined
    const isFinal = !failed || !isTransient(failed.failure) || attempts === maxAttempts
    const retryInMs = isFinal ? undefined : retryDelayMs(failed, attempts, context)
    events.onAttemptEnd?.({ ...start, durationMs, failure: failed?.failure, retryInMs })
    if (!failed || retryInMs === undefined) return { outcome, attempts, startedAt }
    await waitBeforeRetry(url.host, failed, retryInMs, context)
  }
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

/** Backs off, or, where the server asked for it, pauses every worker for that host. */
async function waitBeforeRetry(
  host: string,
  { failure, retryAfterMs }: FailedAttempt,
  ms: number,
  { rateLimiter, signal, events }: RetryContext,
): Promise<void> {
  const isTooMany = failure.kind === 'http' && failure.statusCode === 429
  if (retryAfterMs === undefined && !isTooMany) {
    await sleep(ms, undefined, { signal })
    return
  }
  rateLimiter.pauseHost(host, ms)
  events.onHostPause?.({ host, ms })
}
