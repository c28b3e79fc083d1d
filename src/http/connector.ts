import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/** Opens a connection for undici. */
export type Connector = buildConnector.connector

/** Marks the error of a reused connection that ended before any byte of the current response. */
const stale = Symbol('stale')

export function isStale(error: unknown): boolean {
  return error instanceof Error && stale in error
}

/** A connector whose connections mark stale ends, and accept what undici refuses. */
export function watched(connect: Connector): Connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      watch(socket)
      callback(null, socket)
    })
}

/** The start of an interim response, which may precede any response (RFC 9110, 15.2.1). */
const continueLine = /^HTTP\/1\.[01] 100[ \r]/

/**
 * Follows the requests and responses of a connection. It skips `100 Continue` where nobody asked for
 * it, which undici takes for a broken response, and marks the error of a stale connection.
 */
function watch(socket: Socket): void {
  let requests = 0
  let isWaiting = false
  const write = socket.write.bind(socket)
  const read = socket.read.bind(socket)
  socket.write = ((...args: Parameters<typeof write>) => {
    if (!isWaiting) requests += 1
    isWaiting = true
    return write(...args)
  }) as typeof socket.write
  socket.read = (size?: number) => {
    let chunk: Buffer | null = read(size)
    while (isWaiting && chunk && continueLine.test(chunk.toString('latin1', 0, 16))) {
      const end = chunk.indexOf('\r\n\r\n')
      // Its end has not arrived yet: the rest is read with it.
      if (end === -1) {
        socket.unshift(chunk)
        return null
      }
      const rest: Buffer = chunk.subarray(end + 4)
      chunk = rest.length > 0 ? rest : read(size)
    }
    if (chunk) isWaiting = false
    return chunk
  }
  // undici listens after this, and finds the connection destroyed.
  socket.on('end', () => {
    if (isWaiting && requests > 1) socket.destroy(new Error('connection closed'))
  })
  socket.on('error', (error) => {
    if (isWaiting && requests > 1) Object.assign(error, { [stale]: true })
  })
}
