import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { type Connector, type NextRequest, watched } from './connector.js'
import { TunnelError } from './network-error.js'
import { type Proxies, proxyFor } from './proxy.js'
import { maxHeaderBytes } from './response-reader.js'

export interface ConnectionOptions {
  /** The maximum to each origin; undici itself has no limit. */
  readonly connections: number
  /** For connecting. */
  readonly timeoutMs: number
  /** Sent with every request. */
  readonly userAgent: string
  /** Default: none. */
  readonly proxies?: Proxies | undefined
  /** Set if requests have observers; used by these connections only. */
  readonly nextRequest?: NextRequest | undefined
}

/** The connections of one run: HTTP/1.1, kept alive. The caller destroys it. */
export interface Connections {
  dispatch: Dispatch
  /** The same on a connection that is opened for this request. */
  dispatchFresh: Dispatch
  /** The host and port of the proxy that requests to this URL go through. */
  proxyOf(url: URL): string | undefined
  readonly nextRequest: NextRequest | undefined
  destroy(): Promise<void>
}

type Dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void

export function createConnections(options: ConnectionOptions): Connections {
  const { userAgent, proxies } = options
  const dispatchers = new Map<string, Dispatcher>()

  /** One dispatcher for direct requests and one for each proxy, each made when it is first needed. */
  const dispatcherFor = (url: URL, isKeptAlive: boolean): Dispatcher => {
    const proxy = proxyFor(url, proxies)
    const key = `${isKeptAlive} ${proxy}`
    const dispatcher = dispatchers.get(key) ?? createDispatcher(proxy, options, isKeptAlive)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }
  const dispatchWith =
    (isKeptAlive: boolean): Dispatch =>
    ({ headers, ...request }, handler) => {
      // Copied for each request: undici's proxy agent writes a Host into them.
      const allHeaders = { 'user-agent': userAgent, ...(headers as Record<string, string>) }
      const url = new URL(String(request.origin))
      dispatcherFor(url, isKeptAlive).dispatch({ ...request, headers: allHeaders }, handler)
    }
  return {
    dispatch: dispatchWith(true),
    dispatchFresh: dispatchWith(false),
    nextRequest: options.nextRequest,
    proxyOf(url) {
      const proxy = proxyFor(url, proxies)
      return proxy && new URL(proxy).host
    },
    async destroy() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

function createDispatcher(
  proxy: string | undefined,
  { connections, timeoutMs, nextRequest }: ConnectionOptions,
  isKeptAlive: boolean,
): Dispatcher {
  const pool = {
    connections,
    // With 0, no connection stays open for another request.
    pipelining: isKeptAlive ? 1 : 0,
    // The attempt's deadline decides; undici's own time-outs only follow it.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: maxHeaderBytes,
  }
  if (proxy === undefined) {
    const connect = buildConnector({ timeout: timeoutMs })
    return new Agent({ ...pool, connect: watched(connect, nextRequest) })
  }
  const tls = { timeout: timeoutMs }
  return new ProxyAgent({
    ...pool,
    uri: proxy,
    ...proxyToken(proxy),
    // Many proxies make tunnels to port 443 only.
    proxyTunnel: false,
    proxyTls: tls,
    requestTls: tls,
    // A proxy that does not answer must not block a connection for longer than a server may.
    clientFactory: (url, given) =>
      tunnelPool(url, {
        ...pool,
        ...given,
        connect: watched((given as { connect: Connector }).connect),
        headersTimeout: Math.ceil(timeoutMs),
      }),
    factory(origin, given) {
      const { connect } = given as { connect: Connector }
      return new Pool(origin, { ...pool, ...given, connect: watched(connect, nextRequest) })
    },
  })
}

/** undici itself sends the user name only together with a password. */
function proxyToken(proxy: string): { token: string } | undefined {
  const { username, password } = new URL(proxy)
  if (!username && !password) return undefined
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { token: `Basic ${Buffer.from(user).toString('base64')}` }
}

/** Connections to a proxy, each of which becomes a tunnel; a refusal keeps its status and headers. */
function tunnelPool(url: URL, options: object): Pool {
  const pool = new Pool(url, options)
  const connect: (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> =
    pool.connect.bind(pool)
  pool.connect = (async (request: Dispatcher.ConnectOptions) => {
    // undici would connect again and again after an error with the code of a closed connection.
    const tunnel = await connect(request).catch((cause) => {
      throw new Error('no tunnel', { cause })
    })
    // Every status of success makes a tunnel (RFC 9110, 9.3.6); undici knows one.
    if (Math.floor(tunnel.statusCode / 100) === 2) return { ...tunnel, statusCode: 200 }
    tunnel.socket.on('error', () => {}).destroy()
    throw new TunnelError(tunnel)
  }) as typeof pool.connect
  return pool
}
