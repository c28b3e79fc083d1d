import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pLimit from 'p-limit'
import { type FaultOptions, faultSequence } from './faults.js'
import { isNotModified, type Representation, type Resources } from './folder-files.js'

/** How a server listens and misbehaves. */
export interface ServerOptions extends FaultOptions {
  /** The address to listen on. Default: 127.0.0.1. */
  readonly host?: string | undefined
  /** Default: 0, a free one. */
  readonly port?: number | undefined
  /** Determines the sequence of delays and errors. Default: random. */
  readonly seed?: number | undefined
  /** Further names that a Host header may have. Default: none. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Called when a response has ended. */
  readonly onResponse?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
}

/** A server that listens. */
export interface FlagServer {
  /** `http://127.0.0.1:43210`. */
  readonly origin: string
  /** Lets the process end while it listens. */
  unref(): void
  /** Ends it at once, with all pending responses. */
  close(): Promise<void>
}

/** Starts serving these resources. Rejects with Node's error if it cannot listen. */
export async function startServer(
  resources: Resources,
  options: ServerOptions = {},
): Promise<FlagServer> {
  const { host = '127.0.0.1', port = 0, allowedHosts = [], onResponse } = options
  const { capacity = Number.POSITIVE_INFINITY, rejectAbove = Number.POSITIVE_INFINITY } = options
  const names = ['localhost', host, ...allowedHosts].map((name) => name.toLowerCase())
  const answer = answerer(resources, options, names)
  const inTurn = pLimit(capacity)
  let open = 0

  const server = createServer(async (request, response) => {
    if (onResponse) response.once('close', () => onResponse(request, response))
    if (open >= rejectAbove) return sendError(response, 429, 'Too Many Requests')
    open += 1
    response.once('close', () => {
      open -= 1
    })
    await inTurn(answer, request, response)
  })
  server.listen(port, host)
  await once(server, 'listening')

  const bound = server.address() as AddressInfo
  const address = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    origin: `http://${address}:${bound.port}`,
    unref: () => void server.unref(),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers requests, and misbehaves as the options say. */
function answerer(resources: Resources, options: ServerOptions, names: readonly string[]) {
  const nextFault = faultSequence(options, options.seed)
  return async (request: IncomingMessage, response: ServerResponse) => {
    // The client may have left while the request queued, or leave before its delay ends.
    if (response.destroyed) return
    const { delayMs, isTeapot } = nextFault()
    if (delayMs > 0) await delay(delayMs, response)
    if (response.destroyed) return
    try {
      if (!isAllowedHost(request, names)) sendError(response, 421, 'Misdirected Request')
      else if (isTeapot) sendError(response, 418, "I'm a teapot")
      else await respond(request, response, resources)
    } catch {
      // A client that is gone, or a file that cannot be read to its end.
      if (response.headersSent) response.destroy()
      else sendError(response, 503, 'Service Unavailable')
    }
  }
}

/** Resolves after this time, or as soon as the client has left. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    response.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/**
 * Is the request addressed to this server? A web page elsewhere can make a browser send requests here
 * under its own name that resolves to this machine (DNS rebinding).
 */
function isAllowedHost({ headers, socket }: IncomingMessage, names: readonly string[]): boolean {
  const { host = '' } = headers
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  // A client without a Host header (HTTP/1.0) is not a browser.
  if (host === '' || names.includes(name)) return true
  // A socket of both IP versions has its IPv4 address in IPv6 form.
  return [name, `::ffff:${name}`].includes(`${socket.localAddress}`)
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  resources: Resources,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    sendError(response, 405, 'Method Not Allowed')
    return
  }
  const representation = await resources.open(pathOf(request))
  if (!representation) {
    sendError(response, 404, 'Not Found')
    return
  }
  try {
    await sendRepresentation(request, response, representation)
  } finally {
    await representation.close()
  }
}

async function sendRepresentation(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  representation: Representation,
): Promise<void> {
  const { contentType, etag, lastModified, bytes } = representation
  response.setHeader('ETag', etag)
  if (lastModified) response.setHeader('Last-Modified', lastModified.toUTCString())
  if (isNotModified(headers, representation)) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes })
  if (method === 'HEAD') response.end()
  else if (bytes <= smallBytes) response.end(await wholeBody(representation))
  else await pipeline(Readable.from(representation.body()), response)
}

/** A larger body is streamed. */
const smallBytes = 65_536

async function wholeBody({ body }: Representation): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The path of a request; one that cannot be decoded names no resource. */
function pathOf({ url }: IncomingMessage): string {
  try {
    return decodeURIComponent(`${url}`.replace(/\?.*/, ''))
  } catch {
    return ''
  }
}

function sendError(response: ServerResponse, statusCode: number, reason: string): void {
  const body = `${statusCode} ${reason}\n`
  response.writeHead(statusCode, reason, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
