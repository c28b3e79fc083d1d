import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Proxies } from './proxy.js'

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
  return agent.compose(userAgentInterceptor(userAgent))
}

/** Headers are copied for each request: undici's proxy agent writes a Host into those it is given. */
function userAgentInterceptor(userAgent: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, headers: { 'user-agent': userAgent, ...options.headers } }, handler)
}

interface PoolOptions {
  readonly connections: number
  readonly connect: { readonly timeout: number }
  readonly headersTimeout: number
  readonly bodyTimeout: number
}

/**
 * Sends requests through proxies: those for http as they are, those for https through tunnels. What
 * goes wrong with a proxy is a ProxyError.
 */
export function createProxyAgent(proxies: Proxies, options: PoolOptions): Dispatcher {
  const { connect } = options
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
    // Many proxies make tunnels to port 443 only.
    proxyTunnel: false,
    // undici does not use `connect` on the way through a proxy.
    proxyTls: connect,
    requestTls: connect,
    // A proxy that does not answer must not block a connection for longer than a server may.
    clientFactory: (url, given) =>
      new TunnelPool(url, { ...given, headersTimeout: Math.ceil(connect.timeout) }),
    factory(origin, given) {
      const isProxy = [proxies.http, proxies.https].includes(String(origin))
      // For a proxy, undici leaves out all options but the connector.
      return new Pool(origin, isProxy ? { ...options, connect: blaming(origin, given) } : given)
    },
  })
}

/** Connections to a proxy, each of which becomes a tunnel. */
class TunnelPool extends Pool {
  readonly #proxy: string

  constructor(url: URL, options: Pool.Options) {
    super(url, options)
    this.#proxy = url.host
  }

  override async connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData> {
    const tunnel = await super.connect(options).catch((cause) => {
      throw new ProxyError(this.#proxy, undefined, { cause })
    })
    if (tunnel.statusCode === 200) return tunnel
    tunnel.socket.on('error', () => {}).destroy()
    throw new ProxyError(this.#proxy, tunnel.statusCode)
  }
}

/** The connector among these options, but what it fails with names the proxy. */
function blaming(proxy: string | URL, given: object): buildConnector.connector {
  const { connect } = given as { connect: buildConnector.connector }
  const { host } = new URL(proxy)
  return (options, callback) =>
    connect(options, (...[cause, socket]) =>
      cause
        ? callback(new ProxyError(host, undefined, { cause }), null)
        : callback(null, socket as NonNullable<typeof socket>),
    )
}

/**
 * A proxy could not be reached (`cause`), or toFailedAttempt to make a tunnel (`statusCode`): the server was
 * not even asked. It has no `code` of its own, as undici takes an error with some codes for a reason
 * to connect again at once, and for ever.
 */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'

  /** `proxy` is its host and port. */
  readonly proxy: string
  readonly statusCode: number | undefined

  constructor(proxy: string, statusCode: number | undefined, options?: ErrorOptions) {
    super(`proxy ${proxy}`, options)
    this.proxy = proxy
    this.statusCode = statusCode
  }
}
