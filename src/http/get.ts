import type { Dispatcher } from 'undici'
import { BodyTooLargeError, exchange, type HttpRequest, type HttpResponse } from './exchange.js'
import { type Failure, failure } from './failure.js'
import { networkFailure } from './network-failure.js'
import { isRedirect, redirectTarget } from './redirect.js'

/** What an attempt may take. */
export interface GetOptions extends HttpRequest {
  /** For the whole of it: connecting, redirects, and the body to its last byte. */
  readonly timeoutMs: number
  readonly maxRedirects: number
}

/**
 * One attempt at a GET under one deadline, redirects followed. What goes wrong on the way is the
 * value it resolves to; it rejects only with the reason of the signal, when that aborts.
 */
export async function get(
  dispatcher: Dispatcher,
  { timeoutMs, maxRedirects, ...request }: GetOptions,
  signal: AbortSignal,
): Promise<HttpResponse | Failure> {
  // Made by hand: AbortSignal.any() keeps what it makes alive for as long as the outer signal lives.
  const attempt = new AbortController()
  const onAbort = () => attempt.abort(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  const timeout = failure({ kind: 'timeout', timeoutMs })
  const deadline = setTimeout(() => attempt.abort(timeout), timeoutMs)

  const visited: URL[] = []
  try {
    return await followRedirects(dispatcher, request, maxRedirects, visited, attempt.signal)
  } catch (error) {
    signal.throwIfAborted()
    const failed = error === timeout ? timeout : failureOf(error, request.maxBytes, timeout)
    const last = visited.at(-1)?.href
    if (visited.length < 2) return failed
    return { ...failed, message: `${failed.message}, after a redirect to ${last}` }
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', onAbort)
  }
}

/** `visited` gets every URL that was asked. */
async function followRedirects(
  dispatcher: Dispatcher,
  request: HttpRequest,
  maxRedirects: number,
  visited: URL[],
  signal: AbortSignal,
): Promise<HttpResponse | Failure> {
  let { url } = request
  for (;;) {
    visited.push(url)
    const response = await exchange(dispatcher, { ...request, url }, signal)
    if (!isRedirect(response)) return response
    const target = redirectTarget(response, visited, maxRedirects)
    if (!(target instanceof URL)) return target
    url = target
  }
}

function failureOf(error: unknown, maxBytes: number, timeout: Failure): Failure {
  if (error instanceof BodyTooLargeError) {
    return failure({ kind: 'content', problem: { reason: 'too_large', maxBytes } })
  }
  return networkFailure(error, timeout)
}
