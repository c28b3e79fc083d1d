import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Identity } from './certificates.js'
import { gif } from './gif.js'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * A real server on a free port that counts, and ends with the test. It speaks TLS where it is given
 * an identity.
 */
export async function flagServer(handler: Handler = answerGif, identity?: Identity) {
  const requests: string[] = []
  let open = 0
  let peak = 0
  let connections = 0
  const count: Handler = (request, response) => {
    requests.push(request.url ?? '')
    open += 1
    peak = Math.max(peak, open)
    response.once('close', () => {
      open -= 1
    })
    handler(request, response)
  }
  const server = identity ? createTlsServer(identity, count) : createServer(count)
  // Its end would race with the next request on a busy machine.
  server.keepAliveTimeout = 0
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return {
    url: `http${identity ? 's' : ''}://127.0.0.1:${port}`,
    /** The requested paths, in order. */
    requests,
    /** The maximum number of requests that were open at once. */
    peak: () => peak,
    /** Connections that were opened. */
    connections: () => connections,
  }
}

/**
 * Like flagServer, with an ETag for each code: a client that sends it back gets a 304; `bodies` counts the
 * others.
 */
export async function taggedServer(handler: Handler = answerGif) {
  let bodies = 0
  const server = await flagServer((request, response) => {
    const tag = `"${codeOf(request)}"`
    if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end()
    response.setHeader('ETag', tag)
    bodies += 1
    handler(request, response)
  })
  return { ...server, bodies: () => bodies }
}

/** Answers with a GIF that bears the country's code. */
export function answerGif(request: IncomingMessage, response: ServerResponse): void {
  send(response, gif(codeOf(request)))
}

/** Answers with the status given for a code, or else with `others`; with a GIF where that is 200. */
export function answering(statuses: Readonly<Record<string, number>>, others = 200): Handler {
  return (request, response) => {
    const status = statuses[codeOf(request)] ?? others
    if (status === 200) answerGif(request, response)
    else send(response, 'no', status)
  }
}

export function send(response: ServerResponse, body: Buffer | string, statusCode = 200): void {
  response.writeHead(statusCode, { 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

/** The code that a path such as /br/br.gif is about: BR. */
export function codeOf(request: IncomingMessage): string {
  return (/([a-z]{2})\.gif/.exec(request.url ?? '')?.[1] ?? '').toUpperCase()
}
