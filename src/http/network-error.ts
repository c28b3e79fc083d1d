import type { FailureFacts } from './failure.js'

/** A proxy refused to make a tunnel. */
export class TunnelError extends Error {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>

  constructor({ statusCode, headers }: Pick<TunnelError, 'statusCode' | 'headers'>) {
    super()
    this.statusCode = statusCode
    this.headers = headers
  }
}

/**
 * The facts of an error that arrived instead of a whole response.
 *
 * @param isProxied was the connection one to a proxy?
 */
export function networkErrorFacts(
  error: unknown,
  timeoutMs: number,
  isProxied: boolean,
): FailureFacts {
  const { code, message } = innermost(error)
  if (timeoutCodes.has(code)) return { kind: 'timeout', timeoutMs }
  if (isProxyAuthentication(code, message)) return { kind: 'http', statusCode: 407 }
  const ofProxy = isProxied ? proxyDescriptions.get(code) : undefined
  const detail = ofProxy && `${ofProxy} (${code}; check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY)`
  return { kind: 'network', code, detail: detail ?? descriptionOf(code) ?? message }
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** undici turns this answer of a proxy into an error, with the status in its text only. */
function isProxyAuthentication(code: string, message: string): boolean {
  return code === 'UND_ERR_INVALID_ARG' && message.includes('(407)')
}

/** undici wraps some errors, and Node the errors of several addresses in one AggregateError. */
function innermost(error: unknown): { code: string; message: string } {
  let inner = error as NodeJS.ErrnoException & { errors?: unknown[] }
  for (;;) {
    const next = inner.errors?.at(-1) ?? (inner.code ? undefined : inner.cause)
    if (!(next instanceof Error)) break
    inner = next
  }
  return { code: inner.code ?? inner.name, message: inner.message }
}

/** Describes the network errors that people meet, with the next step; undefined for another. */
function descriptionOf(code: string): string | undefined {
  return descriptions.get(code.startsWith('ERR_SSL_') ? 'EPROTO' : code)
}

/** The errors in which a connection to a proxy ends before it is made. */
const proxyDescriptions: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection to the proxy refused'],
  ['EHOSTUNREACH', 'proxy unreachable'],
  ['ENETUNREACH', 'proxy unreachable'],
  ['ENOTFOUND', 'host name of the proxy not found'],
  ['EAI_AGAIN', "lookup of the proxy's host name failed"],
])

const unknownAuthority =
  'the certificate authority is not trusted; NODE_EXTRA_CA_CERTS can name a file of additional ones'

const descriptions: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused; is a server running there?'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection closed while sending'],
  ['ETIMEDOUT', 'connection timed out'],
  ['ENETUNREACH', 'network unreachable'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENOTFOUND', 'host name not found; check the spelling and the network'],
  ['EAI_AGAIN', 'host name lookup failed; check the network'],
  ['HTTPParserError', 'malformed response'],
  ['ERR_ASSERTION', 'malformed response'],
  ['UND_ERR_HEADERS_OVERFLOW', 'the response header is too large'],
  // undici's error for a malformed header, too.
  [
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'malformed response, or its length differs from Content-Length',
  ],
  ['UND_ERR_SOCKET', 'connection closed before the whole response arrived'],
  ['EPROTO', 'TLS handshake failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate is for another host'],
  ['CERT_HAS_EXPIRED', 'the certificate has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate is not valid yet'],
  ['CERT_REVOKED', 'the certificate was revoked'],
  ['CERT_SIGNATURE_FAILURE', 'the signature of the certificate is wrong'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
])
