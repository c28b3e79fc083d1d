import { UsageError } from '../errors.js'

/** The proxies that requests go through. */
export interface Proxies {
  /** The URL of that for http; empty for none. */
  readonly http: string
  /** The URL of that for https; empty for the one for http, if there is one. */
  readonly https: string
  /** Hosts that are reached without, as in NO_PROXY: `example.com,.example.org:8080` or `*`. */
  readonly except: string
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY for both, and NO_PROXY; in small letters they go before those in capitals.
 * Undefined where no proxy is named. Throws UsageError for one that cannot be, with the variable.
 */
export function proxiesFrom(env: NodeJS.ProcessEnv): Proxies | undefined {
  const http = proxyUrl(env, 'http_proxy', 'HTTP_PROXY', ...forAll)
  const https = proxyUrl(env, 'https_proxy', 'HTTPS_PROXY', ...forAll)
  if (!http && !https) return undefined
  return { http, https, except: env.no_proxy ?? env.NO_PROXY ?? '' }
}

/** Asked where the variable of the protocol is not there. */
const forAll = ['all_proxy', 'ALL_PROXY']

function proxyUrl(env: NodeJS.ProcessEnv, ...names: readonly string[]): string {
  const name = names.find((name) => env[name] !== undefined)
  const text = (name && env[name]) ?? ''
  if (text === '') return ''
  const url = parseProxyUrl(text)
  // The value is not shown: there may be a password in it.
  if (!url) throw new UsageError(`bad ${name}: give the URL of a proxy, http://host:port`)
  return url
}

/** As curl does, it takes `host:port` for http://host:port and does not mind a path. */
function parseProxyUrl(text: string): string | undefined {
  const withProtocol = text.includes('://') ? text : `http://${text}`
  if (!URL.canParse(withProtocol)) return undefined
  const { protocol, username, password, host } = new URL(withProtocol)
  if (!/^https?:$/.test(protocol) || !isPercentEncoded(username + password)) return undefined
  const user = username || password ? `${username}:${password}@` : ''
  return `${protocol}//${user}${host}/`
}

function isPercentEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text)
}
