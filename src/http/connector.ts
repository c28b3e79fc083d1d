import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/** Opens a connection for undici. */
export type Connector = buildConnector.connector

/** A connector whose connections tell what undici does not, and accept what it refuses. */
export function createConnector(timeoutMs: number): Connector {
  const connect = buildConnector({ timeout: timeoutMs })
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      noteBytesRead(socket)
      skipContinue(socket)
      callback(null, socket)
    })
}

/** Gives a connection's errors what undici's own errors have: how much it had received before. */
function noteBytesRead(socket: Socket): void {
  socket.on('error', (error) => {
    Object.assign(error, { socket: { bytesRead: socket.bytesRead } })
  })
}

/** The start of an interim response, which may precede any response (RFC 9110, 15.2.1). */
const continueLine = /^HTTP\/1\.[01] 100[ \r]/

/**
 * Skips `100 Continue` where nobody asked for it, which undici takes for a broken response. A response
 * can begin only after a request was written.
 */
function skipContinue(socket: Socket): void {
  let mayBegin = false
  const write = socket.write.bind(socket)
  const read = socket.read.bind(socket)
  socket.write = ((...args: Parameters<typeof write>) => {
    mayBegin = true
    return write(...args)
  }) as typeof socket.write
  socket.read = (size?: number) => {
    let chunk: Buffer | null = read(size)
    while (mayBegin && chunk && continueLine.test(chunk.toString('latin1', 0, 16))) {
      const end = chunk.indexOf('\r\n\r\n')
      // Its end has not arrived yet: the rest is read with it.
      if (end === -1) {
        socket.unshift(chunk)
        return null
      }
      const rest: Buffer = chunk.subarray(end + 4)
      chunk = rest.length > 0 ? rest : read(size)
    }
    if (chunk) mayBegin = false
    return chunk
  }
}
