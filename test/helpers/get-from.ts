import { onTestFinished } from 'vitest'
import { type Connections, createConnections } from '../../src/http/dispatcher.js'
import { type GetOptions, type GetResult, get } from '../../src/http/get.js'
import type { Proxies } from '../../src/http/proxy.js'

export const maxBytes = 5_000_000

/** Connections that end with the test. */
export function testConnections(proxies?: Proxies): Connections {
  const options = { connections: 1, timeoutMs: 10_000, userAgent: 'test', proxies }
  const connections = createConnections(options)
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
