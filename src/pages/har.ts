import { STATUS_CODES } from 'node:http'
import type { FlagTimeline, Timeline, TimelinePhase } from './timeline.js'

/** The program that a HAR names as its creator. */
export interface Creator {
  readonly name: string
  readonly version: string
}

/**
 * A run as an HTTP Archive 1.2: an entry for each request, redirects and retries included. What a flag
 * waits for before a request, a slot or a retry, is the time for which the request is blocked.
 */
export function timelineHar(timeline: Timeline, creator: Creator): string {
  const { server, startedAt, durationMs, flags } = timeline
  const page = {
    startedDateTime: isoTime(startedAt),
    id: 'run',
    title: `${flags.length} flags from ${server}`,
    pageTimings: { onLoad: rounded(durationMs) },
  }
  const entries = flags
    .flatMap(requestsOf)
    .sort((a, b) => a.blockedFrom - b.blockedFrom)
    .map((request) => entryOf(request, startedAt))
  const log = { version: '1.2', creator, pages: [page], entries }
  return `${JSON.stringify({ log }, undefined, 1)}\n`
}

/** A request with its phases; a request that failed lacks the later ones. */
type Request = ReturnType<typeof requestsOf>[number]

function requestsOf({ phases }: FlagTimeline) {
  return phases.flatMap((connecting, start) => {
    if (connecting.phase !== 'connecting') return []
    const next = phases.findIndex(({ phase }, index) => index > start && phase === 'connecting')
    const own = phases.slice(start, next === -1 ? undefined : next)
    const idleFrom = phases.slice(0, start).findLastIndex((phase) => !isIdle(phase)) + 1
    return {
      blockedFrom: phases[idleFrom]?.startMs ?? connecting.startMs,
      connecting,
      waiting: own.find(({ phase }) => phase === 'waiting'),
      reading: own.find((phase) => phase.phase === 'reading'),
      error: own.find(({ failure }) => failure)?.failure?.message,
    }
  })
}

function isIdle({ phase }: TimelinePhase): boolean {
  return phase === 'queued' || phase === 'delayed'
}

function entryOf(request: Request, startedAt: number) {
  const { blockedFrom, connecting, waiting } = request
  const { url, headers, connection } = connecting
  const timings = timingsOf(request)
  const { blocked, dns, connect, send, wait, receive } = timings
  // The time of connecting includes TLS.
  const time = [blocked, dns, connect, send, wait, receive].filter((ms) => ms > 0)
  return {
    pageref: 'run',
    startedDateTime: isoTime(startedAt + blockedFrom),
    time: rounded(time.reduce((sum, ms) => sum + ms, 0)),
    request: {
      method: 'GET',
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: namedValues(headers),
      // A name may come more than once.
      queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
      headersSize: -1,
      bodySize: 0,
    },
    response: responseOf(request),
    cache: {},
    timings,
    ...(connection?.remoteAddress && { serverIPAddress: connection.remoteAddress }),
    ...(connection?.localPort && { connection: String(connection.localPort) }),
    ...(waiting ? {} : { comment: 'not sent' }),
  }
}

function timingsOf({ blockedFrom, connecting, waiting, reading }: Request) {
  const { connection } = connecting
  const isNew = connection !== undefined && !connection.isReused
  const connectMs = connecting.endMs - connecting.startMs
  const [dns, ssl] = isNew ? [connection.dnsMs ?? -1, connection.tlsMs ?? -1] : [-1, -1]
  return {
    blocked: rounded(connecting.startMs - blockedFrom + (isNew ? 0 : connectMs)),
    dns: rounded(dns),
    connect: isNew ? rounded(connectMs - Math.max(0, dns)) : -1,
    send: 0,
    wait: waiting ? rounded(waiting.endMs - waiting.startMs) : 0,
    receive: reading ? rounded(reading.endMs - reading.startMs) : 0,
    ssl: rounded(ssl),
  }
}

/** Browsers write the status 0 where there was no response. */
function responseOf({ reading, error }: Request) {
  const { statusCode = 0, headers = {}, bytes = -1 } = reading ?? {}
  return {
    status: statusCode,
    statusText: STATUS_CODES[statusCode] ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: namedValues(headers),
    content: { size: Math.max(0, bytes), mimeType: headers['content-type'] ?? '' },
    redirectURL: headers.location ?? '',
    headersSize: -1,
    bodySize: bytes,
    ...(error && { _error: error }),
  }
}

function namedValues(record: Readonly<Record<string, string | undefined>>) {
  return Object.entries(record).map(([name, value = '']) => ({ name, value }))
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
