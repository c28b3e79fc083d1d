import { expect, test } from 'vitest'
import { networkErrorFacts } from '../../src/http/network-error.js'

const errorOf = (code: string, message = `${code}!`, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code })

test.each(['CONNECT', 'HEADERS', 'BODY'])('UND_ERR_%s_TIMEOUT is a time-out', (part) => {
  const facts = networkErrorFacts(errorOf(`UND_ERR_${part}_TIMEOUT`), 7, false)
  expect(facts).toEqual({ kind: 'timeout', timeoutMs: 7 })
})

test('a proxy that requires authentication is an HTTP failure', () => {
  const error = errorOf('UND_ERR_INVALID_ARG', 'Proxy response (407)')
  expect(networkErrorFacts(error, 7, true)).toEqual({ kind: 'http', statusCode: 407 })
})

const ofAddresses = new AggregateError(['EODD', 'EPIPE', 'ECONNRESET'].map((code) => errorOf(code)))

test.each([
  [ofAddresses, 'ECONNRESET', 'connection reset'],
  [new Error('x', { cause: errorOf('EPIPE') }), 'EPIPE', 'connection closed while sending'],
  [errorOf('EHOSTUNREACH', 'x', errorOf('EPIPE')), 'EHOSTUNREACH', 'host unreachable'],
  [new TypeError('odd'), 'TypeError', 'odd'],
  [new Error('odd', { cause: 'EPIPE' }), 'Error', 'odd'],
  [errorOf('EPROTO'), 'EPROTO', 'TLS handshake failed'],
  [errorOf('ERR_SSL_BAD_ECPOINT'), 'ERR_SSL_BAD_ECPOINT', 'TLS handshake failed'],
  [errorOf('EPROTOTYPE'), 'EPROTOTYPE', 'EPROTOTYPE!'],
  [errorOf('UND_ERR_INVALID_ARG'), 'UND_ERR_INVALID_ARG', 'UND_ERR_INVALID_ARG!'],
  [errorOf('EODD', 'odd (407)'), 'EODD', 'odd (407)'],
])('%o has the code %s and is described as %s', (error, code, detail) => {
  expect(networkErrorFacts(error, 7, false)).toEqual({ kind: 'network', code, detail })
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
  const facts = networkErrorFacts(errorOf(code), 7, true)
  expect(facts).toEqual({ kind: 'network', code, detail: expect.stringMatching(detail) })
})
