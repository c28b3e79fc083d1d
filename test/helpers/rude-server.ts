import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { gif } from './gif.js'

/** What a server does to one request: written by hand, byte by byte, so that each fault is exact. */
export type Answer = (socket: Socket, code: string) => void

export function head(statusLine: string, ...headers: string[]): string {
  return [`HTTP/1.1 ${statusLine}`, ...headers, '', ''].join('\r\n')
}

/** Sends this and keeps the connection open. */
export function sends(text: string | Buffer): Answer {
  return (socket) => void socket.write(text)
}

/** Sends this and closes the connection. */
export function ends(text = ''): Answer {
  return (socket) => void socket.end(text)
}

export const resets: Answer = (socket) => void socket.resetAndDestroy()

/** The right answer: a whole GIF that bears the code. */
export const whole: Answer = (socket, code) => {
  const image = gif(code)
  socket.write(head('200 OK', `Content-Length: ${image.length}`))
  socket.write(image)
}

/** An answer with this status and these headers, and no body. */
export function status(line: string, ...headers: string[]): Answer {
  return sends(head(line, ...headers, 'Content-Length: 0'))
}

export function redirect(location: string, code = 302): Answer {
  return status(`${code} Moved`, `Location: ${location}`)
}

/** A 200 with this body. */
export function body(bytes: Buffer | string, ...headers: string[]): Answer {
  const length = `Content-Length: ${Buffer.byteLength(bytes)}`
  return (socket) => {
    socket.write(head('200 OK', ...headers, length))
    socket.write(bytes)
  }
}

/** A 200 whose connection is closed after this much of what was promised. */
export function cutAfter(sent: Buffer | string, ...headers: string[]): Answer {
  return (socket) => {
    socket.write(head('200 OK', ...headers))
    socket.end(sent)
  }
}

export const gzipped: Answer = (socket, code) =>
  body(gzipSync(gif(code)), 'Content-Encoding: gzip')(socket, code)

/** One byte of a whole answer every so often: never idle for long, and never done in time. */
export const dripping: Answer = (socket, code) => {
  const bytes = gif(code)
  socket.write(head('200 OK', `Content-Length: ${bytes.length}`))
  let sent = 0
  const timer = setInterval(() => socket.write(bytes.subarray(sent, ++sent)), 100)
  socket.once('close', () => clearInterval(timer))
}

/** A body that never ends. */
export const endless: Answer = (socket) => {
  socket.write(head('200 OK', 'Transfer-Encoding: chunked'))
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

/**
 * A server with its own answers for each code; the n-th request for a code gets the n-th answer, or the last.
 */
export async function rudeServer(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked = new Map<string, number>()
  const arrivals: { code: string; at: number }[] = []
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const code = (/([a-z]{2})\.gif/.exec(String(data))?.[1] ?? '').toUpperCase()
      const nth = asked.get(code) ?? 0
      asked.set(code, nth + 1)
      arrivals.push({ code, at: performance.now() })
      received.push(String(data))
      const list = answers[code] ?? [whole]
      list[Math.min(nth, list.length - 1)]?.(socket, code)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    /** The requests as they arrived, byte by byte. */
    received,
    requests: (code: string) => asked.get(code) ?? 0,
  }
}
