import { setMaxListeners } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FaultOptions, faultSequence } from './faults.js'
import type { Representation, Resources } from './resource.js'

/** How a server listens and misbehaves. */
export interface ServerOptions extends FaultOptions {
  /** The address to listen at. Default: 127.0.0.1. */
  readonly host?: string | undefined
  /** Default: 0, any free one. */
  readonly port?: number | undefined
  /** Determines the sequence of delays and errors. Default: drawn anew each time. */
  readonly seed?: number | undefined
}

/** A server that listens. */
export interface FlagServer {
  /** `http://127.0.0.1:43210`. */
  readonly origin: string
  /** Lets the process end while it listens. */
  unref(): void
  /** Ends it at once, answers under way included. */
  close(): Promise<void>
}

/** Starts serving these resources. Rejects with Node's error where the port cannot be had. */
export async function startServer(
  resources: Resources,
  { host = '127.0.0.1', port = 0, seed = randomSeed(), ...faults }: ServerOptions = {},
): Promise<FlagServer> {
  const nextFault = faultSequence(faults, seed)
  const closing = new AbortController()
  // Each answer that is delayed listens to it.
  setMaxListeners(0, closing.signal)

  const server = createServer(async (request, response) => {
    const { delayMs, isTeapot } = nextFault()
    try {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing.signal })
      if (isTeapot) refuse(response, 418, "I'm a teapot")
      else await answer(request, response, resources)
    } catch {
      // Closing, or a file that cannot be read.
      response.destroy()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    origin: `http://${name}:${address.port}`,
    unref: () => void server.unref(),
    async close() {
      closing.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  resources: Resources,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    refuse(response, 405, 'Method Not Allowed')
    return
  }
  const representation = await resources.get(pathOf(request))?.()
  if (!representation) {
    refuse(response, 404, 'Not Found')
    return
  }
  writeHead(request, response, representation)
  // Node leaves the body out itself where the method is HEAD or the status 304.
  response.end(representation.body)
}

/** The path that was asked for; what cannot be decoded is the path of nothing. */
function pathOf({ url = '' }: IncomingMessage): string {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '')
  } catch {
    return ''
  }
}

function writeHead(
  request: IncomingMessage,
  response: ServerResponse,
  representation: Representation,
): void {
  const { body, contentType, etag, lastModified } = representation
  response.setHeader('ETag', etag)
  if (lastModified) response.setHeader('Last-Modified', lastModified.toUTCString())
  if (isNotModified(request.headers, representation)) {
    response.writeHead(304)
    return
  }
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length })
}

function refuse(response: ServerResponse, statusCode: number, words: string): void {
  const body = `${statusCode} ${words}\n`
  response.writeHead(statusCode, words, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** A seed of 32 bits. */
function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32)
}

/** Does the client hold this representation already? (RFC 9110, 13.2.2: the tag decides if there is one.) */
export function isNotModified(
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Representation,
): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    // Weak comparison: W/"x" and "x" are the same here.
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  }
  const since = Date.parse(headers['if-modified-since'] ?? '')
  // HTTP dates have whole seconds.
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since
}
