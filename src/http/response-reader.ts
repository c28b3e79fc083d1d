import type { Socket } from 'node:net'
import { clockMs } from '../node.js'

/** The maximum length of a header, with the interim responses before it. */
export const maxHeaderBytes = 32_768

/** The responses on a connection. */
export interface ResponseReader {
  /** A request was sent, and not a byte of its response has arrived. */
  readonly isUnanswered: boolean
  /** A request is sent. */
  expect(): void
}

/**
 * Stands between a connection and undici's parser. It skips interim responses, hands over only whole
 * headers of a limited size, and leaves the event loop to others however much a server sends.
 */
export function readResponses(socket: Socket, turn: Turn): ResponseReader {
  readInSlices(socket, turn)
  /** A request was sent, and its response has not begun. Interim responses do not count. */
  let isWaiting = false
  let isUnanswered = false
  let skippedBytes = 0
  let held: Buffer = Buffer.alloc(0)
  const read = socket.read.bind(socket)

  /** The response that begins with what has arrived. */
  const take = (chunk: Buffer): Buffer | undefined => {
    isUnanswered = false
    const start = startOfResponse(Buffer.concat([held, chunk]), maxHeaderBytes - skippedBytes)
    if (start.kind === 'refused') {
      socket.destroy(Object.assign(new Error(start.code), { code: start.code }))
      return undefined
    }
    skippedBytes += start.skippedBytes
    isWaiting = start.kind === 'incomplete'
    held = isWaiting ? start.bytes : Buffer.alloc(0)
    return isWaiting ? undefined : start.bytes
  }

  socket.read = (size?: number) => {
    for (;;) {
      const chunk = read(size)
      const response = isWaiting && chunk ? take(chunk) : chunk
      if (response !== undefined) return response
    }
  }

  return {
    get isUnanswered() {
      return isUnanswered
    },
    expect() {
      isWaiting = true
      isUnanswered = true
      skippedBytes = 0
    },
  }
}

/** A turn of the event loop, from the first read in it. */
export interface Turn {
  /** Have its reads, and undici's work on them, taken long enough? */
  isOver(): boolean
}

const maxTurnMs = 10

export function createTurn(): Turn {
  let startedAt: number | undefined
  return {
    isOver() {
      const now = clockMs()
      if (startedAt === undefined) {
        startedAt = now
        setImmediate(() => {
          startedAt = undefined
        })
      }
      return now - startedAt > maxTurnMs
    },
  }
}

const sliceBytes = 8192

/** undici reads as long as there is data, however many parts it has to parse. */
function readInSlices(socket: Socket, turn: Turn): void {
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    // Node calls read(0) when the server ends the connection: this must not take what is still to be read.
    if (size === 0) return read(0)
    // What has arrived on a destroyed connection can still be read, but must not be used.
    if (socket.destroyed) return null
    if (turn.isOver()) {
      setImmediate(() => socket.emit('readable'))
      return null
    }
    return read(socket.readableLength > sliceBytes ? sliceBytes : undefined)
  }
}

/** What the received bytes begin with. */
type ResponseStart =
  | {
      /** `response`: its whole header at least, or something else that undici's parser can judge. */
      readonly kind: 'response' | 'incomplete'
      readonly skippedBytes: number
      /** After those that were skipped. */
      readonly bytes: Buffer
    }
  /** With undici's code for the same. */
  | { readonly kind: 'refused'; readonly code: 'UND_ERR_HEADERS_OVERFLOW' | 'HTTPParserError' }

/**
 * Skips the interim responses that may precede any response (RFC 9110, 15.2), and waits for a header to be
 * whole. undici itself treats `100 Continue` as a broken response, reads others without end, continues to
 * read a header that is too large, and reads its own source to describe a status below 100.
 */
function startOfResponse(received: Buffer, maxBytes: number): ResponseStart {
  let skippedBytes = 0
  for (;;) {
    // Parsers accept line ends before a status line (RFC 9112, 2.2).
    while (isLineEnd(received[skippedBytes])) skippedBytes += 1
    const bytes = received.subarray(skippedBytes)
    const text = bytes.toString('latin1', 0, maxBytes - skippedBytes)
    const statusLine = text.slice(0, 12)
    if (!'HTTP/0.0 000'.startsWith(statusLine.replace(/\d/g, '0'))) {
      return { kind: 'response', skippedBytes, bytes }
    }
    const end = /\r?\n\r?\n/.exec(text)
    if (!end) {
      return received.length > maxBytes
        ? { kind: 'refused', code: 'UND_ERR_HEADERS_OVERFLOW' }
        : { kind: 'incomplete', skippedBytes, bytes }
    }
    const status = Number(statusLine.slice(9))
    if (status >= 200) {
      const header = text.slice(0, end.index)
      return { kind: 'response', skippedBytes, bytes: normalized(bytes, header, status) }
    }
    if (!isInterim(status, text.charAt(12))) return { kind: 'refused', code: 'HTTPParserError' }
    skippedBytes += end.index + end[0].length
  }
}

/** Nobody asked to switch protocols (101); a status of four digits is invalid. */
function isInterim(status: number, next: string): boolean {
  return status >= 100 && status !== 101 && !/\d/.test(next)
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a
}

/**
 * With a space for each line break within a field, as clients must read it (RFC 9112, 5.2), and without the
 * length that a response without a body may have (RFC 9110, 8.6): undici would close the connection.
 */
function normalized(bytes: Buffer, header: string, status: number): Buffer {
  const unfolded = header.replace(/\r\n[ \t]+/g, ' ')
  const hasNoBody = status === 204 || status === 304
  const lines = hasNoBody ? unfolded.replace(/\r\ncontent-length:.*/gi, '') : unfolded
  return Buffer.concat([Buffer.from(lines, 'latin1'), bytes.subarray(header.length)])
}
