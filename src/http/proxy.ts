import { UsageError } from '../errors.js'

/** The proxies for requests. */
export interface Proxies {
  /** The URL of the proxy for http; empty for none. */
  readonly http: string
  /** The URL of the proxy for https; empty for the one for http, if there is one. */
  readonly https: string
  /** The hosts reached directly, as NO_PROXY lists them: `example.com,.example.org:8080` or `*`. */
  readonly except: string
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY for both, and NO_PROXY; lower case takes precedence. Throws
 * UsageError for an invalid proxy, with the variable's name.
 */
export function proxiesFrom(env: NodeJS.ProcessEnv): Proxies {
  const http = proxyUrl(env, 'http_proxy', 'HTTP_PROXY', ...forAll)
  const https = proxyUrl(env, 'https_proxy', 'HTTPS_PROXY', ...forAll)
  return { http, https, except: env.no_proxy ?? env.NO_PROXY ?? '' }
}

/** The URL of the proxy for a request; undefined if it goes to the host directly. */
export function proxyFor(
  { protocol, hostname, port }: URL,
  proxies: Proxies | undefined,
): string | undefined {
  if (!proxies) return undefined
  const proxy = protocol === 'https:' ? proxies.https || proxies.http : proxies.http
  const host = withoutBrackets(hostname)
  const isDirect = proxies.except
    .split(/[,\s]/)
    .some((entry) => matches(entry, host, portOf(protocol, port)))
  return isDirect || proxy === '' ? undefined : proxy
}

/** Read where the variable of the protocol is not set. */
const forAll = ['all_proxy', 'ALL_PROXY']

function proxyUrl(env: NodeJS.ProcessEnv, ...names: readonly string[]): string {
  const name = names.find((candidate) => env[candidate] !== undefined)
  const text = (name && env[name]) ?? ''
  if (text === '') return ''
  // The value is not shown: it may contain a password.
  if (/^socks/i.test(text)) {
    throw new UsageError(`invalid ${name}: SOCKS proxies are not supported; give http://host:port`)
  }
  const url = parseProxyUrl(text)
  if (!url) throw new UsageError(`invalid ${name}: give the URL of a proxy, http://host:port`)
  return url
}

/** As in curl, `host:port` means http://host:port, and a path is ignored. */
function parseProxyUrl(text: string): string | undefined {
  const withProtocol = text.includes('://') ? text : `http://${text}`
  if (!URL.canParse(withProtocol)) return undefined
  const url = new URL(withProtocol)
  const { protocol, username, password } = url
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  if (!isPercentEncoded(username + password)) return undefined
  return Object.assign(url, { pathname: '', search: '', hash: '' }).href
}

function isPercentEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text)
}

/** Does an entry of NO_PROXY name this host, or one above it? */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  // Without a port, an IPv6 address may have no brackets.
  const [, name = entry, entryPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
  if (entryPort !== undefined && entryPort !== port) return false
  const domain = withoutBrackets(name)
    .replace(/^\*?\./, '')
    .toLowerCase()
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function portOf(protocol: string, port: string): string {
  return port || (protocol === 'https:' ? '443' : '80')
}
