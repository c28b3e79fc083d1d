/** Plain words for the network errors that people meet; undefined for another. */
export function networkWords(code: string): string | undefined {
  const tls = /^(EPROTO$|ERR_SSL_)/.test(code) ? 'no TLS connection could be made' : undefined
  return words.get(code) ?? tls
}

const unknownAuthority =
  'the certificate is from an authority that is not trusted here; NODE_EXTRA_CA_CERTS names a file of more'

const words: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
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
