import { onTestFinished } from 'vitest'
import {
  type ConnectionOptions,
  type Connections,
  createConnections,
} from '../../src/http/dispatcher.js'
import { type GetOptions, type GetResult, get } from '../../src/http/get.js'

export const maxBytes = 5_000_000

/** Connections that end with the test: one to each origin, unless the options say otherwise. */
export function testConnections(options: Partial<ConnectionOptions> = {}): Connections {
  const defaults = { connections: 1, timeoutMs: 10_000, userAgent: 'test' }
  const connections = createConnections({ ...defaults, ...options })
  onTestFinished(() => connections.destroy())
  return connections
}

/** GETs a URL on a new connection, without effective limits unless some are given. */
export function getFrom(
  url: string,
  options: Partial<GetOptions> & { signal?: AbortSignal; connections?: Connections } = {},
): Promise<GetResult> {
  const {
    signal = new AbortController().signal,
    connections = testConnections(),
    ...rest
  } = options
  const limits = { maxBytes, maxRedirects: 5, timeoutMs: 10_000, headers: {} }
  return get(connections, { url: new URL(url), ...limits, ...rest }, signal)
}

/** What a result says, in short: `200 body`, or the failure's message. */
export function said(result: GetResult): string {
  if (result.kind === 'failed') return result.failure.message
  const { statusCode, body } = result.response
  return `${statusCode} ${body}`.trim()
}
