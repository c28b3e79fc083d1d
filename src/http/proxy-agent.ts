import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Proxies } from './proxies.js'
import { ProxyError } from './proxy-error.js'

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
