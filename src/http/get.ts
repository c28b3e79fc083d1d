import type { Dispatcher } from 'undici'
import { decodeBody } from './decode-body.js'
import { type Failure, failure, type HttpProblem } from './failure.js'
import { networkFailure } from './network-error.js'
import {
  BodyTooLargeError,
  type HttpRequest,
  type HttpResponse,
  type ResponseHeaders,
  sendRequest,
} from './request.js'

/** A request and the limits of its attempt. */
export interface GetOptions extends HttpRequest {
  /** For everything: connecting, redirects, the body to its last byte, and decoding it. */
  readonly timeoutMs: number
  readonly maxRedirects: number
  /** Called for each response, redirects included. */
  readonly onResponse?: ((response: ResponseEvent) => void) | undefined
}

/** A response, as an observer sees it. */
export interface ResponseEvent {
  readonly url: string
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** From the request to the response's status line. */
  readonly firstByteMs: number
  /** From the request to the end of the body. */
  readonly durationMs: number
}

/** The outcome of one attempt. */
export type GetResult =
  /** A whole response that is no redirect; the body of a 200 is decoded. */
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * One attempt at a GET under one deadline; redirects are followed. A failure is a value it resolves
 * to; it rejects only with the reason of the signal, when that aborts.
 */
export async function get(
  dispatcher: Dispatcher,
  { timeoutMs, ...request }: GetOptions,
  signal: AbortSignal,
): Promise<GetResult> {
  // Made by hand: AbortSignal.any() keeps what it makes alive for as long as the outer signal lives.
  const attempt = new AbortController()
  const onAbort = () => attempt.abort(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  const timeout = failure({ kind: 'timeout', timeoutMs })
  const deadline = setTimeout(() => attempt.abort(timeout), timeoutMs)

  const visited: URL[] = []
  try {
    const result = await followRedirects(dispatcher, request, visited, attempt.signal)
    if (result.kind === 'failed' || result.response.statusCode !== 200) return result
    const decoded = await decodeBody(result.response, request.maxBytes)
    if (decoded.kind === 'failed') return decoded
    return { kind: 'response', response: { ...result.response, body: decoded.body } }
  } catch (error) {
    signal.throwIfAborted()
    const failed = error === timeout ? timeout : failureOf(error, request.maxBytes, timeout)
    const last = visited.at(-1)?.href
    if (visited.length < 2) return { kind: 'failed', failure: failed }
    const message = `${failed.message}, after a redirect to ${last}`
    return { kind: 'failed', failure: { ...failed, message } }
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', onAbort)
  }
}

/** `visited` receives every URL that was requested. */
async function followRedirects(
  dispatcher: Dispatcher,
  { maxRedirects, onResponse, ...request }: Omit<GetOptions, 'timeoutMs'>,
  visited: URL[],
  signal: AbortSignal,
): Promise<GetResult> {
  let { url } = request
  for (;;) {
    visited.push(url)
    const startedAt = performance.now()
    const response = await sendRequest(dispatcher, { ...request, url }, signal)
    const { statusCode, headers } = response
    const firstByteMs = response.headersAt - startedAt
    const durationMs = performance.now() - startedAt
    onResponse?.({ url: url.href, statusCode, headers, firstByteMs, durationMs })
    if (!isRedirect(response)) return { kind: 'response', response }
    const target = redirectTarget(response, visited, maxRedirects)
    if (target.kind === 'failed') return target
    url = target.url
  }
}

function failureOf(error: unknown, maxBytes: number, timeout: Failure): Failure {
  if (error instanceof BodyTooLargeError) {
    return failure({ kind: 'content', problem: { reason: 'too_large', maxBytes } })
  }
  return networkFailure(error, timeout)
}

/** The statuses that say where else to look (RFC 9110, 15.4); 300 and 304 do not. */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Does it say where else to look? */
function isRedirect({ statusCode }: HttpResponse): boolean {
  return redirectStatuses.has(statusCode)
}

type RedirectTarget =
  | { readonly kind: 'target'; readonly url: URL }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * Where a redirect leads, or why it leads nowhere.
 * `visited` holds every URL of this attempt so far, the one that answered last.
 */
function redirectTarget(
  { statusCode, headers }: HttpResponse,
  visited: readonly URL[],
  maxRedirects: number,
): RedirectTarget {
  const nowhere = (problem: HttpProblem): RedirectTarget => ({
    kind: 'failed',
    failure: failure({ kind: 'http', statusCode, problem }),
  })

  if (!headers.location) return nowhere({ reason: 'no_location' })
  const base = visited.at(-1)?.href
  const target = URL.canParse(headers.location, base) ? new URL(headers.location, base) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) {
    return nowhere({ reason: 'bad_location', location: headers.location })
  }
  // A fragment is not sent, so it does not make another request of it.
  target.hash = ''
  if (visited.some((url) => url.href === target.href)) {
    return nowhere({ reason: 'redirect_loop', location: target.href })
  }
  if (visited.length > maxRedirects) {
    return nowhere({ reason: 'too_many_redirects', max: maxRedirects })
  }
  return { kind: 'target', url: target }
}
