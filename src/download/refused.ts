import type { HttpResponse } from '../http/exchange.js'
import { failure } from '../http/failure.js'
import { maxRetryAfterMs, retryAfterMs } from '../http/retry.js'
import type { FailedAttempt } from './fetch-with-retries.js'

/** The attempt that was answered with a status that is of no use, and when to come back, if it said. */
export function refused({ statusCode, headers }: HttpResponse): FailedAttempt {
  const afterMs = retryAfterMs(statusCode, headers, new Date())
  if (afterMs !== undefined && afterMs > maxRetryAfterMs) {
    const problem = { reason: 'retry_too_late', afterMs, mostMs: maxRetryAfterMs } as const
    return { kind: 'failed', failure: failure({ kind: 'http', statusCode, problem }) }
  }
  return { kind: 'failed', failure: failure({ kind: 'http', statusCode }), retryAfterMs: afterMs }
}
