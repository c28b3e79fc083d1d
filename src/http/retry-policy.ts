import type { ContentProblem, Failure, HttpProblem } from './failure.js'
import type { ResponseHeaders } from './request.js'

/** Statuses that a retry may change: overload, time-outs, and Cloudflare's 520 to 524. */
const transientStatuses: ReadonlySet<number> = new Set([
  408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524,
])

/**
 * Network errors that a retry would only repeat. A bad certificate stays bad: these are the codes of
 * OpenSSL's verdicts on one, and of failed TLS handshakes.
 */
const permanentNetworkErrors =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_C|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|HOSTNAME_MISMATCH$|UNSPECIFIED$|ERR_TLS_|ERR_SSL_|EPROTO$|UND_ERR_PRX_TLS$|UND_ERR_INVALID_ARG$)/

/** Problems of a body that a retry may solve. A sign-in page in place of an image stays one. */
const transientProblems: ReadonlySet<ContentProblem['reason']> = new Set([
  'empty',
  'truncated',
  'damaged',
])

/** The longest Retry-After that is obeyed; after a longer one the flag fails. */
const maxRetryAfterMs = 60_000

/** When to retry, as a server says that refused a request, or that this is too late. */
export interface RetryAdvice {
  readonly retryAfterMs: number | undefined
  readonly problem?: HttpProblem
}

export function retryAdvice(statusCode: number, headers: ResponseHeaders): RetryAdvice {
  const afterMs = retryAfterMs(statusCode, headers, new Date())
  if (afterMs === undefined || afterMs <= maxRetryAfterMs) return { retryAfterMs: afterMs }
  const problem = { reason: 'retry_too_late', afterMs, maxMs: maxRetryAfterMs } as const
  return { retryAfterMs: undefined, problem }
}

/** May a retry succeed? */
export function isTransient(failure: Failure): boolean {
  switch (failure.kind) {
    case 'timeout':
      return true
    case 'network':
      return !permanentNetworkErrors.test(failure.code)
    case 'http':
      return isPlainAnswer(failure.problem) && transientStatuses.has(failure.statusCode)
    case 'content':
      return transientProblems.has(failure.problem.reason)
  }
}

/** Does the status alone decide? */
function isPlainAnswer(problem: HttpProblem | undefined): boolean {
  return problem === undefined || problem.reason === 'from_proxy'
}

const firstBackoffMs = 200
const maxBackoffMs = 10_000

/**
 * The back-off after a failed attempt (1 is the first): exponential with full jitter, so that workers
 * that failed together do not retry together.
 *
 * @param random gives 0 to 1, as Math.random does
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(maxBackoffMs, firstBackoffMs * 2 ** (attempt - 1))
}

/**
 * The wait that a 429 or 503 asks for, in seconds or as an HTTP-date (RFC 9110, 10.2.3), in milliseconds;
 * undefined if it asks for none, or cannot be understood.
 */
export function retryAfterMs(
  statusCode: number,
  headers: ResponseHeaders,
  now: Date,
): number | undefined {
  const value = headers['retry-after']?.trim()
  if (!value || (statusCode !== 429 && statusCode !== 503)) return undefined
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER)
  // Date.parse accepts much that is not an HTTP-date ("-5" is a year); each form of one starts with a day's
  // name.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return undefined
  // The asctime form has no time zone: it is UTC (RFC 9110, 5.6.7), not the machine's.
  const at = Date.parse(/\d{4}$/.test(value) ? `${value} GMT` : value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
