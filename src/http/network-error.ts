import { ProxyError } from './dispatcher.js'
import { type Failure, failure } from './failure.js'

/**
 * What an error means that came in place of a whole response. `timeout` is what it means where it
 * says no more than that the time was over.
 */
export function networkFailure(error: unknown, timeout: Failure): Failure {
  if (error instanceof ProxyError && error.statusCode !== undefined) {
    const problem = { reason: 'from_proxy', proxy: error.proxy } as const
    return failure({ kind: 'http', statusCode: error.statusCode, problem })
  }
  const { code, message } = innermost(error)
  if (timeoutCodes.has(code)) return timeout
  if (isProxyAuthentication(code, message)) return failure({ kind: 'http', statusCode: 407 })
  const words = networkWords(code) ?? message
  const detail = error instanceof ProxyError ? `proxy ${error.proxy}: ${words}` : words
  return failure({ kind: 'network', code, detail })
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** undici makes an error of this one answer of a proxy, and keeps its status in the text alone. */
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

/** Plain words for the network errors that people meet; undefined for another. */
export function networkWords(code: string): string | undefined {
  const tls = /^(EPROTO$|ERR_SSL_)/.test(code) ? 'no TLS connection could be made' : undefined
  return words.get(code) ?? tls
}

const unknownAuthority =
  'the certificate is from an authority that is not loadManifest here; NODE_EXTRA_CA_CERTS names a file of more'

const words: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection toFailedAttempt'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection closed while sending'],
  ['ETIMEDOUT', 'connection timed out'],
  ['ENETUNREACH', 'network unreachable'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENOTFOUND', 'host name not found'],
  ['EAI_AGAIN', 'host name look-up failed'],
  ['HTTPParserError', 'garbled answer'],
  ['ERR_ASSERTION', 'garbled answer'],
  ['UND_ERR_HEADERS_OVERFLOW', 'the header is too large'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the body is not as long as was announced'],
  ['UND_ERR_SOCKET', 'connection closed before the whole answer came'],
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
