import { expect, test } from 'vitest'
import { failure } from '../../src/http/failure.js'
import { networkErrorFacts } from '../../src/http/network-error.js'
import { isTransient } from '../../src/http/retry-policy.js'

/** Those that Node has for OpenSSL's verdicts on a certificate, and others around TLS and proxies. */
const lasting = `
  UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE
  UNABLE_TO_DECRYPT_CRL_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE
  CRL_SIGNATURE_FAILURE CERT_NOT_YET_VALID CRL_NOT_YET_VALID CERT_HAS_EXPIRED CRL_HAS_EXPIRED
  ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD
  ERROR_IN_CRL_NEXT_UPDATE_FIELD DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_CHAIN_TOO_LONG
  CERT_REVOKED INVALID_CA PATH_LENGTH_EXCEEDED INVALID_PURPOSE CERT_UNTRUSTED CERT_REJECTED
  HOSTNAME_MISMATCH UNSPECIFIED ERR_TLS_CERT_ALTNAME_INVALID EPROTO ERR_SSL_WRONG_VERSION_NUMBER
  ERR_SSL_PACKET_LENGTH_TOO_LONG ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE UND_ERR_PRX_TLS
`

const passing = 'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN UND_ERR_SOCKET'

const network = (code: string) => failure({ kind: 'network', code, detail: '' })

test.each(lasting.trim().split(/\s+/))('%s is not retried', (code) => {
  expect(isTransient(network(code))).toBe(false)
})

test.each(passing.split(' '))('%s is retried', (code) => {
  expect(isTransient(network(code))).toBe(true)
})

const system = (code: string) => Object.assign(new Error(`${code}!`), { code })

test.each<[string, unknown, object]>([
  ...['CONNECT', 'HEADERS', 'BODY'].map((part): [string, unknown, object] => [
    `a time-out of undici (${part})`,
    system(`UND_ERR_${part}_TIMEOUT`),
    { kind: 'timeout', timeoutMs: 7 },
  ]),
  [
    'the last error of several addresses',
    new AggregateError([system('EODD'), system('ETIMEDOUT'), system('ECONNRESET')]),
    { kind: 'network', code: 'ECONNRESET', detail: 'connection reset' },
  ],
  [
    'a cause without a code around it',
    new Error('fetch failed', { cause: system('EPIPE') }),
    { kind: 'network', code: 'EPIPE', detail: 'connection closed while sending' },
  ],
  [
    'an error with a code and a cause',
    Object.assign(system('EHOSTUNREACH'), { cause: system('EPIPE') }),
    { kind: 'network', code: 'EHOSTUNREACH', detail: 'host unreachable' },
  ],
  [
    'an error without a code',
    new TypeError('odd'),
    { kind: 'network', code: 'TypeError', detail: 'odd' },
  ],
  [
    'a cause that is no error',
    new Error('odd', { cause: 'EPIPE' }),
    { kind: 'network', code: 'Error', detail: 'odd' },
  ],
  ...['ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO'].map((code): [string, unknown, object] => [
    `a failed TLS handshake (${code})`,
    system(code),
    { kind: 'network', code, detail: 'TLS handshake failed' },
  ]),
  ...['EODD', 'EPROTOTYPE', 'UND_ERR_INVALID_ARG'].map((code): [string, unknown, object] => [
    `an error that is not described (${code})`,
    system(code),
    { kind: 'network', code, detail: `${code}!` },
  ]),
  [
    'a proxy that requires authentication',
    Object.assign(new Error('Proxy response (407)'), { code: 'UND_ERR_INVALID_ARG' }),
    { kind: 'http', statusCode: 407 },
  ],
  [
    'another error with a status',
    Object.assign(new Error('odd (407)'), { code: 'EODD' }),
    { kind: 'network', code: 'EODD', detail: 'odd (407)' },
  ],
])('%s is described', (_name, error, facts) => {
  expect(networkErrorFacts(error, 7, false)).toEqual(facts)
})

test.each([
  [
    'ECONNREFUSED',
    /^connection to the proxy refused \(ECONNREFUSED; check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY\)$/,
  ],
  ['EHOSTUNREACH', /^proxy unreachable \(EHOSTUNREACH; check/],
  ['ENETUNREACH', /^proxy unreachable \(ENETUNREACH; check/],
  ['ENOTFOUND', /^host name of the proxy not found \(ENOTFOUND; check/],
  ['EAI_AGAIN', /^lookup of the proxy's host name failed \(EAI_AGAIN; check/],
  ['ECONNRESET', /^connection reset$/],
])('%s of a connection to a proxy is described as %s', (code, detail) => {
  const facts = networkErrorFacts(system(code), 7, true)
  expect(facts).toEqual({ kind: 'network', code, detail: expect.stringMatching(detail) })
})
