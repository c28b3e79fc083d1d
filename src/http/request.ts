import type { Dispatcher } from 'undici'
import { clockMs } from '../node.js'
import { type Connection, isStale } from './connector.js'
import type { Connections } from './dispatcher.js'
import { withoutPassword } from './failure.js'

/** A whole response. The body of a status other than 200 is read, to free the connection, but not kept. */
export interface HttpResponse {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
  /** When the headers arrived, in milliseconds since the process started. */
  readonly headersAt: number
}

/**
 * By name in lower case; of a field that came more than once, the first value. Codings are a list, and
 * a Location contains no password.
 */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>

/** A GET request. */
export interface HttpRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** A longer body is cut off while it streams. */
  readonly maxBytes: number
  /** Default: none. */
  readonly observer?: RequestObserver | undefined
}

/** Follows the requests of an attempt: redirects and second tries, too. */
export interface RequestObserver {
  /** A request waits for a connection. */
  connecting(url: string, headers: Readonly<Record<string, string>>): void
  /** The request is sent. */
  sent(connection: Connection): void
  /** The status line and the headers arrived. */
  responded(statusCode: number, headers: ResponseHeaders): void
  /** The whole response arrived; its body, still encoded, has this size. */
  received(bytes: number): void
}

/** The error of a body that grew beyond `maxBytes`. */
export const bodyTooLarge = new Error('body too large')

/**
 * One GET, one response; redirects are not followed. Where the server closed a reused connection before
 * it answered, the request is sent again, once, on a new one (RFC 9110, 9.2.2).
 *
 * Rejects with the signal's reason as soon as it aborts, with bodyTooLarge, or with undici's error.
 */
export async function sendRequest(
  connections: Connections,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await send(connections, request, signal)
  } catch (error) {
    if (signal.aborted || !isStale(error)) throw error
    const fresh = { ...connections, dispatch: connections.dispatchFresh }
    return await send(fresh, request, signal)
  }
}

/**
 * Uses `dispatch`, because `request` costs twice as much for small bodies: it creates a stream, and a
 * promise, for each.
 */
function send(
  { dispatch, nextRequest }: Connections,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { url, headers, observer } = request
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    // A request that waits for its connection has no controller yet: the promise rejects at once all
    // the same, and onRequestStart cancels the request before a byte of it is sent.
    const onAbort = () => {
      reject(signal.reason)
      controller?.abort(signal.reason)
    }
    const settle = (end: () => void) => {
      signal.removeEventListener('abort', onAbort)
      end()
    }

    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    const receiver = receive(request, (response) => settle(() => resolve(response)))
    observer?.connecting(url.href, headers)
    dispatch(
      { origin: url.origin, path: url.pathname + url.search, method: 'GET', headers },
      {
        ...receiver,
        onRequestStart(started) {
          controller = started
          if (signal.aborted) started.abort(signal.reason)
          else if (nextRequest) nextRequest.observer = observer
        },
        onResponseError: (_controller, error) => settle(() => reject(error)),
      },
    )
  })
}

/** The part of undici's handler that puts a response together. */
type Receiver = Required<
  Pick<Dispatcher.DispatchHandler, 'onResponseStart' | 'onResponseData' | 'onResponseEnd'>
>

function receive(
  { url, maxBytes, observer }: HttpRequest,
  onResponse: (response: HttpResponse) => void,
): Receiver {
  let head = { statusCode: 0, headers: {}, headersAt: 0 }
  // One buffer that grows: a body may arrive in as many pieces as it has bytes.
  let buffer = Buffer.alloc(0)
  let bytes = 0
  const respond = () => {
    observer?.received(bytes)
    onResponse({ ...head, body: buffer.subarray(0, bytes) })
  }
  const append = (chunk: Buffer) => {
    const needed = bytes + chunk.length
    if (needed > buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * needed, maxBytes))
    chunk.copy(buffer, bytes)
  }
  return {
    onResponseStart(_controller, statusCode, headers) {
      head = { statusCode, headers: singleValues(headers, url), headersAt: clockMs() }
      observer?.responded(statusCode, head.headers)
    },
    onResponseData(controller, chunk) {
      const { statusCode } = head
      if (bytes + chunk.length > maxBytes) {
        // An error page that is too large must not hide its status.
        if (statusCode !== 200) respond()
        controller.abort(bodyTooLarge)
        return
      }
      if (statusCode === 200) append(chunk)
      bytes += chunk.length
    },
    onResponseEnd: respond,
  }
}

function singleValues(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  url: URL,
): ResponseHeaders {
  const single: Record<string, string | undefined> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (!Array.isArray(value)) single[name] = value
    else single[name] = name === 'content-encoding' ? value.join() : value[0]
  }
  if (single.location) single.location = maskedLocation(single.location, url)
  return single
}

/** A Location without its password: it is not sent, and must not be shown. */
function maskedLocation(location: string, base: URL): string {
  const target = locationTarget(location, base)
  if (!target) return withoutPassword(location)
  if (!target.username && !target.password) return location
  return Object.assign(target, { username: '***', password: '' }).href
}

/** Where a Location leads; undefined if that is not an http or https URL. */
export function locationTarget(location: string, base: URL): URL | undefined {
  const target = URL.canParse(location, base.href) ? new URL(location, base) : undefined
  return target && ['http:', 'https:'].includes(target.protocol) ? target : undefined
}
