import { Agent, type Dispatcher } from 'undici'
import type { Proxies } from './proxies.js'
import { createProxyAgent } from './proxy-agent.js'

export interface ConnectionOptions {
  /** To each origin, at most. undici opens as many as it likes unless told not to. */
  readonly connections: number
  /** For connecting. */
  readonly timeoutMs: number
  /** Sent with every request. */
  readonly userAgent: string
  /** Default: none. */
  readonly proxies?: Proxies | undefined
}

/** The connections of one run: HTTP/1.1, kept alive. The caller destroys it. */
export function createDispatcher(options: ConnectionOptions): Dispatcher {
  const { connections, timeoutMs, userAgent, proxies } = options
  // The deadline of the attempt is what counts; undici's own time-outs only follow it.
  const pools = { connections, connect: { timeout: timeoutMs }, headersTimeout: 0, bodyTimeout: 0 }
  const agent = proxies ? createProxyAgent(proxies, pools) : new Agent(pools)
  return agent.compose(introducing(userAgent))
}

/** Headers are copied for each request: undici's proxy agent writes a Host into those it is given. */
function introducing(userAgent: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { 'user-agent': userAgent, ...options.headers } }, handler)
}
