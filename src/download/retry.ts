import { setTimeout as sleep } from 'node:timers/promises'
import { type Failure, type FailureFacts, failure, type Route } from '../http/failure.js'
import type { GetResult } from '../http/get.js'
import { backoffMs, isTransient, retryAdvice } from '../http/retry-policy.js'
import { clockMs } from '../node.js'
import type { DownloadContext } from './download-context.js'
import type { PhaseTracker } from './phases.js'
import type { Settings } from './settings.js'

/** An attempt that failed; `retryAfterMs` if the server said when to retry. */
export interface FailedAttempt {
  readonly kind: 'failed'
  readonly failure: Failure
  readonly retryAfterMs?: number | undefined
}

export type GetResponse = Extract<GetResult, { kind: 'response' }>

/** A response with an unusable status, and when to retry, if the server said so. */
export function toFailedAttempt({ response, route }: GetResponse): FailedAttempt {
  const { statusCode, headers } = response
  const { retryAfterMs, ...advice } = retryAdvice(statusCode, headers)
  return { ...failedAttempt({ kind: 'http', statusCode, ...advice }, route), retryAfterMs }
}

export function failedAttempt(facts: FailureFacts, route: Route): FailedAttempt {
  return { kind: 'failed', failure: failure(facts, route) }
}

/** The last attempt's outcome, with the number of attempts and the start of the first. */
export interface Fetched<Outcome> {
  readonly outcome: Outcome | FailedAttempt
  readonly attempts: number
  /** Milliseconds since the process started. */
  readonly startedAt: number
}

/** What `fetchWithRetries` needs of a download's context. */
export type RetryContext = Pick<
  DownloadContext,
  'limit' | 'rateLimiter' | 'settings' | 'signal' | 'random' | 'events'
>

/** A file to fetch for a flag. */
export interface FetchTarget {
  readonly code: string
  readonly url: URL
  /** Set if the flag's phases are recorded. */
  readonly phases?: PhaseTracker | undefined
}

/**
 * Repeats an attempt until it succeeds, fails permanently, or has used up its retries. With a fixed
 * concurrency it keeps its slot while it waits for a retry, so that a server in trouble gets fewer requests;
 * with `auto`, the controller ensures that, and other flags may use the slot.
 */
export function fetchWithRetries<Outcome extends { readonly kind: string }>(
  target: FetchTarget,
  context: RetryContext,
  attempt: () => Promise<Outcome | FailedAttempt>,
): Promise<Fetched<Outcome>> {
  const { limit, settings } = context
  if (settings.concurrency === 'auto') return repeat(target, context, attempt, limit)
  return limit(() => repeat(target, context, attempt, (run) => run()))
}

/** @param inSlot runs an attempt when there is a slot for it */
async function repeat<Outcome extends { readonly kind: string }>(
  { code, url, phases }: FetchTarget,
  context: RetryContext,
  attempt: () => Promise<Outcome | FailedAttempt>,
  inSlot: <T>(run: () => Promise<T>) => Promise<T>,
): Promise<Fetched<Outcome>> {
  const { rateLimiter, settings, signal, events } = context
  const maxAttempts = settings.retries + 1
  let startedAt = 0
  for (let attempts = 1; ; attempts++) {
    const start = { code, url: url.href, attempt: attempts, maxAttempts }
    const { outcome, durationMs } = await inSlot(async () => {
      // The run may have ended while the flag waited for its slot.
      signal.throwIfAborted()
      if (attempts === 1) {
        startedAt = clockMs()
        phases?.started(url.href, startedAt)
      }
      await rateLimiter.acquire(url.host, signal, phases)
      const attemptStartedAt = clockMs()
      events.onAttemptStart?.(start)
      return { outcome: await attempt(), durationMs: clockMs() - attemptStartedAt }
    })
    const failed = hasFailed(outcome) ? outcome : undefined
    if (failed) phases?.failed(failed.failure)
    const isFinal = !failed || !isTransient(failed.failure) || attempts === maxAttempts
    const retryInMs = isFinal ? undefined : retryDelayMs(failed, attempts, context)
    events.onAttemptEnd?.({ ...start, durationMs, failure: failed?.failure, retryInMs })
    if (!failed || retryInMs === undefined) return { outcome, attempts, startedAt }
    if (isHostPause(failed, settings)) pauseHost(url.host, retryInMs, context)
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

/** Did the server ask for a pause? It applies to every worker. */
function isHostPause(failed: FailedAttempt, { concurrency }: Settings): boolean {
  const isTooMany = failed.failure.kind === 'http' && failed.failure.statusCode === 429
  // With `auto`, a lower limit is enough: the other flags continue.
  return failed.retryAfterMs !== undefined || (isTooMany && concurrency !== 'auto')
}
