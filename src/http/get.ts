import { clockMs } from '../node.js'
import { decodeBody } from './decode-body.js'
import type { Connections } from './dispatcher.js'
import {
  type Failure,
  type FailureFacts,
  failure,
  type HttpProblem,
  type Route,
} from './failure.js'
import { networkErrorFacts, TunnelError } from './network-error.js'
import {
  bodyTooLarge,
  type HttpRequest,
  type HttpResponse,
  locationTarget,
  type ResponseHeaders,
  sendRequest,
} from './request.js'
import { retryAdvice } from './retry-policy.js'

/** A request and the limits of its attempt. */
export interface GetOptions extends HttpRequest {
  /** For everything: connecting, redirects, the body to its last byte, and decoding it. */
  readonly timeoutMs: number
  readonly maxRedirects: number
  readonly onRequest?: RequestListener | undefined
  /** Called for each response, redirects included. */
  readonly onResponse?: ((response: ResponseEvent) => void) | undefined
}

/**
 * Called for each request, redirects included, when it starts. The function that it returns is called when
 * the request has ended, with the response unless it failed.
 */
export type RequestListener = (url: URL) => (response?: ResponseEvent) => void

/** A response, as an observer sees it. */
export interface ResponseEvent {
  readonly url: string
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** The length of the body as it was sent; 0 if the status is not 200. */
  readonly bytes: number
  /** From the request to the response's status line. */
  readonly firstByteMs: number
  /** From the request to the end of the body. */
  readonly durationMs: number
}

/** The outcome of one attempt. */
export type GetResult =
  /** A whole response that is not a redirect; the body of a 200 is decoded. */
  | { readonly kind: 'response'; readonly response: HttpResponse; readonly route: Route }
  /** `retryAfterMs` is set if a proxy said when to retry. */
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      readonly retryAfterMs?: number | undefined
    }

/**
 * One attempt at a GET under one deadline; redirects are followed. A failure is a value it resolves
 * to; it rejects only with the reason of the signal, when that aborts.
 */
export async function get(
  connections: Connections,
  { timeoutMs, ...request }: GetOptions,
  signal: AbortSignal,
): Promise<GetResult> {
  // Made by hand: AbortSignal.any() keeps what it makes alive for as long as the outer signal lives.
  const attempt = new AbortController()
  const onAbort = () => attempt.abort(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort)
  const deadline = setTimeout(() => attempt.abort(deadlineExceeded), timeoutMs)

  const visited: string[] = []
  try {
    const result = await followRedirects(connections, request, visited, attempt.signal)
    if (result.kind === 'failed' || result.response.statusCode !== 200) return result
    const decoded = await decodeBody(result.response, request.maxBytes, attempt.signal)
    if (decoded.kind === 'failed') {
      const facts = { kind: 'content', problem: decoded.problem } as const
      return { kind: 'failed', failure: failure(facts, result.route) }
    }
    return { ...result, response: { ...result.response, body: decoded.body } }
  } catch (error) {
    signal.throwIfAborted()
    const redirected = redirectedTo(visited)
    const proxy = connections.proxyOf(new URL(redirected ?? request.url))
    const route = { redirectedTo: redirected, proxy }
    if (error instanceof TunnelError) return refusedTunnel(error, route)
    const facts = factsOf(error, request.maxBytes, timeoutMs, proxy !== undefined)
    return { kind: 'failed', failure: failure(facts, route) }
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', onAbort)
  }
}

/** The reason with which an attempt aborts at its deadline. */
const deadlineExceeded = new Error('deadline exceeded')

/** `visited` receives every URL that was requested. */
async function followRedirects(
  connections: Connections,
  { maxRedirects, onRequest, onResponse, ...request }: Omit<GetOptions, 'timeoutMs'>,
  visited: string[],
  signal: AbortSignal,
): Promise<GetResult> {
  let { url } = request
  for (;;) {
    visited.push(url.href)
    const startedAt = clockMs()
    const onEnd = onRequest?.(url)
    const response = await sendRequest(connections, { ...request, url }, signal).catch((error) => {
      onEnd?.()
      throw error
    })
    const event = responseEvent(url, response, startedAt)
    onEnd?.(event)
    onResponse?.(event)
    const { statusCode, headers } = response
    const route = { redirectedTo: redirectedTo(visited) }
    if (!redirectStatuses.has(statusCode)) return { kind: 'response', response, route }
    const target = redirectTarget(headers.location, url, visited, maxRedirects)
    if (!(target instanceof URL)) {
      const facts = { kind: 'http', statusCode, problem: target } as const
      return { kind: 'failed', failure: failure(facts, route) }
    }
    url = target
  }
}

/** The statuses with a Location to follow (RFC 9110, 15.4); 300 and 304 have none. */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Where a redirect leads, or why it leads nowhere.
 *
 * @param visited every URL of this attempt so far
 */
function redirectTarget(
  location: string | undefined,
  base: URL,
  visited: readonly string[],
  maxRedirects: number,
): URL | HttpProblem {
  if (!location) return { reason: 'no_location' }
  const target = locationTarget(location, base)
  if (!target) return { reason: 'bad_location', location }
  // None of these is sent, so none makes it another request.
  Object.assign(target, { hash: '', username: '', password: '' })
  const { href } = target
  if (visited.includes(href)) return { reason: 'redirect_loop', location: href }
  if (visited.length > maxRedirects) return { reason: 'too_many_redirects', max: maxRedirects }
  return target
}

/** The URL that the redirects of an attempt led to; undefined if there were none. */
function redirectedTo(visited: readonly string[]): string | undefined {
  return visited.slice(1).at(-1)
}

function responseEvent(url: URL, response: HttpResponse, startedAt: number): ResponseEvent {
  const { statusCode, headers, body, headersAt } = response
  return {
    url: url.href,
    statusCode,
    headers,
    bytes: body.length,
    firstByteMs: headersAt - startedAt,
    durationMs: clockMs() - startedAt,
  }
}

function factsOf(
  error: unknown,
  maxBytes: number,
  timeoutMs: number,
  isProxied: boolean,
): FailureFacts {
  if (error === deadlineExceeded) return { kind: 'timeout', timeoutMs }
  if (error === bodyTooLarge) {
    return { kind: 'content', problem: { reason: 'too_large', maxBytes } }
  }
  return networkErrorFacts(error, timeoutMs, isProxied)
}

/** A proxy refused to make a tunnel, and may have said when to retry. */
function refusedTunnel({ statusCode, headers }: TunnelError, route: Route): GetResult {
  const retryAfter = [headers['retry-after']].flat()[0]
  const advice = retryAdvice(statusCode, { 'retry-after': retryAfter })
  const { retryAfterMs, problem = { reason: 'from_proxy' } } = advice
  const facts = { kind: 'http', statusCode, problem } as const
  return { kind: 'failed', failure: failure(facts, route), retryAfterMs }
}
