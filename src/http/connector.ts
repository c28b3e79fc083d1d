import { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { clockMs } from '../node.js'
import { createTurn, type ResponseReader, readResponses } from './response-reader.js'

/** Opens a connection for undici. */
export type Connector = buildConnector.connector

/** The errors of reused connections that ended before any byte of the current response. */
const staleErrors = new WeakSet<Error>()

export function isStale(error: unknown): boolean {
  return error instanceof Error && staleErrors.has(error)
}

/** The connection that a request is sent on. */
export interface Connection {
  /** True if an earlier request used it. */
  readonly isReused: boolean
  /** The time to look up the host's name; undefined without a lookup of our own. */
  readonly dnsMs: number | undefined
  /** The time of the TLS handshake; undefined without one, or where a proxy's tunnel precedes it. */
  readonly tlsMs: number | undefined
  /** The IP address of the server or its proxy. */
  readonly remoteAddress: string | undefined
  readonly localPort: number | undefined
}

/**
 * Tells a request which connection it is sent on: undici starts a request and writes it in one go, so the
 * observer set at the start belongs to the next write.
 */
export interface NextRequest {
  observer: { sent(connection: Connection): void } | undefined
}

/**
 * A connector whose connections mark stale ends, and protect undici from what servers send.
 *
 * @param nextRequest where requests are observed
 */
export function watched(connect: Connector, nextRequest?: NextRequest): Connector {
  const turn = createTurn()
  return (options, callback) => {
    const timing: ConnectionTiming = {}
    // undici's own connector returns its socket, although its type does not say so.
    const opening: unknown = connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      watch(
        socket,
        readResponses(socket, turn),
        nextRequest && announcer(nextRequest, socket, timing),
      )
      callback(null, socket)
    })
    if (opening instanceof Socket) measure(opening, timing)
  }
}

/** Tells the observer of each request on a connection about the connection. */
function announcer(
  next: NextRequest,
  { remoteAddress, localPort }: Socket,
  timing: ConnectionTiming,
) {
  return (isReused: boolean) => {
    const { dnsMs, tlsMs } = timing
    next.observer?.sent({ isReused, dnsMs, tlsMs, remoteAddress, localPort })
    next.observer = undefined
  }
}

interface ConnectionTiming {
  dnsMs?: number
  tlsMs?: number
}

function measure(socket: Socket, timing: ConnectionTiming): void {
  let since = clockMs()
  const lap = () => {
    const now = clockMs()
    const ms = now - since
    since = now
    return ms
  }
  socket.once('lookup', () => {
    timing.dnsMs = lap()
  })
  socket.once('connect', lap)
  // Before undici, which sends the first request in its listener.
  socket.prependOnceListener('secureConnect', () => {
    timing.tlsMs = lap()
  })
}

/** Follows the requests of a connection. */
function watch(
  socket: Socket,
  responses: ResponseReader,
  onRequest?: (isReused: boolean) => void,
): void {
  let requests = 0
  const write = socket.write.bind(socket)
  socket.write = ((...args: Parameters<typeof write>) => {
    // Only GET and CONNECT are sent: a request without a body is one write.
    onRequest?.(requests > 0)
    requests += 1
    responses.expect()
    return write(...args)
  }) as typeof socket.write
  // undici listens after this, and passes the error on.
  socket.on('error', (error) => {
    if (requests > 1 && responses.isUnanswered) staleErrors.add(error)
  })
}
