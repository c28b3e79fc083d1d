import type { Dispatcher } from 'undici'

/** A whole response. Of a status other than 200 the body is read, to free the connection, but not kept. */
export interface HttpResponse {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
  /** When the headers arrived, on the clock of performance.now(). */
  readonly headersAt: number
}

/** By name in small letters; of a field that came more than once, the first value. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>

/** What is asked for, by GET. */
export interface HttpRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** A longer body is cut off while it streams. */
  readonly maxBytes: number
}

/** The body grew beyond `maxBytes`. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
}

/**
 * One GET, one response; redirects are not followed. Rejects with the signal's reason as soon as it
 * aborts, with BodyTooLargeError, or with undici's error.
 *
 * It goes through `dispatch` because `request` costs twice as much for small bodies: it makes a
 * stream, and a promise for it, of each.
 */
export function sendRequest(
  dispatcher: Dispatcher,
  { url, headers, maxBytes }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    // A request that waits for its connection has no controller yet: the promise ends at once all
    // the same, and the request is cancelled in onRequestStart before a byte of it is sent.
    const onAbort = () => {
      reject(signal.reason)
      controller?.abort(signal.reason)
    }
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort)
      settle()
    }

    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method: 'GET', headers },
      {
        onRequestStart(started) {
          controller = started
          if (signal.aborted) started.abort(signal.reason)
        },
        onResponseError: (_controller, error) => end(() => reject(error)),
        ...receiver(maxBytes, (response) => end(() => resolve(response))),
      },
    )
  })
}

/** Puts a response together from what comes of it, piece by piece. */
function receiver(
  maxBytes: number,
  onResponse: (response: HttpResponse) => void,
): Dispatcher.DispatchHandler {
  let head: Omit<HttpResponse, 'body'> | undefined
  const chunks: Buffer[] = []
  let bytes = 0
  const respond = () => {
    if (head) onResponse({ ...head, body: Buffer.concat(chunks) })
  }
  return {
    onResponseStart(_controller, statusCode, headers) {
      if (statusCode >= 200)
        head = { statusCode, headers: firstValues(headers), headersAt: performance.now() }
    },
    onResponseData(controller, chunk) {
      bytes += chunk.length
      if (bytes > maxBytes) {
        // Too much of an error page is no reason to lose its status.
        if (head?.statusCode !== 200) respond()
        controller.abort(new BodyTooLargeError())
      } else if (head?.statusCode === 200) {
        chunks.push(chunk)
      }
    },
    onResponseEnd: respond,
  }
}

function firstValues(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
