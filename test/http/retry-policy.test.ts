import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type FailureFacts, failure } from '../../src/http/failure.js'
import { backoffMs, isTransient, retryAdvice, retryAfterMs } from '../../src/http/retry-policy.js'

const now = new Date('2026-01-02T03:04:05Z')
const asked = (value: string, statusCode = 429) =>
  retryAfterMs(statusCode, { 'retry-after': value }, now)

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['12', 12_000],
    [' 7 ', 7000],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Friday, 02-Jan-26 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ])('%j is %i ms', (value, ms) => expect(asked(value)).toBe(ms))

  test('as a date without a time zone is UTC', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(asked('Fri Jan  2 03:04:15 2026')).toBe(10_000)
  })

  test.each([
    '',
    '-5',
    '1.5',
    '1e3',
    'soon',
    '2026-01-02',
    'Friday',
    'a 7',
    '7 a',
    'At Fri, 02 Jan 2026 03:04:15 GMT',
  ])('%j is ignored', (value) => expect(asked(value)).toBeUndefined())

  test.each([
    ['60', { retryAfterMs: 60_000 }],
    [
      '61',
      {
        retryAfterMs: undefined,
        problem: { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 },
      },
    ],
    [undefined, { retryAfterMs: undefined }],
  ])('of %s seconds is advice, or too late', (value, advice) => {
    expect(retryAdvice(503, { 'retry-after': value })).toEqual(advice)
  })

  test('counts only with 429 and 503', () => {
    expect(asked('1', 503)).toBe(1000)
    expect(asked('1', 500)).toBeUndefined()
    expect(retryAfterMs(429, {}, now)).toBeUndefined()
  })

  test('is a time not in the past or nothing, whatever a server sends', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = asked(value)
        expect(ms === undefined || ms >= 0).toBe(true)
      }),
    )
    fc.assert(fc.property(fc.nat(), (seconds) => asked(String(seconds)) === seconds * 1000))
    fc.assert(
      fc.property(fc.date({ min: now, max: new Date('2099-01-01'), noInvalidDate: true }), (at) => {
        const wholeSeconds = Math.floor(at.getTime() / 1000) * 1000
        expect(asked(at.toUTCString())).toBe(wholeSeconds - now.getTime())
      }),
    )
  })
})

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

const networkFacts = (codes: string) =>
  codes
    .trim()
    .split(/\s+/)
    .map((code) => ({ kind: 'network', code, detail: '' }) as const)

const fromProxy = { reason: 'from_proxy' } as const
const tooLate = { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 } as const

test.each<[FailureFacts, boolean]>([
  ...networkFacts(lasting).map((facts): [FailureFacts, boolean] => [facts, false]),
  ...networkFacts(passing).map((facts): [FailureFacts, boolean] => [facts, true]),
  [{ kind: 'timeout', timeoutMs: 1 }, true],
  [{ kind: 'http', statusCode: 404 }, false],
  [{ kind: 'http', statusCode: 503 }, true],
  [{ kind: 'http', statusCode: 503, problem: tooLate }, false],
  [{ kind: 'http', statusCode: 503, problem: fromProxy }, true],
  [{ kind: 'http', statusCode: 407, problem: fromProxy }, false],
  [{ kind: 'content', problem: { reason: 'empty' } }, true],
  [{ kind: 'content', problem: { reason: 'truncated' } }, true],
  [{ kind: 'content', problem: { reason: 'damaged' } }, true],
  [{ kind: 'content', problem: { reason: 'wrong_format', format: 'gif' } }, false],
  [{ kind: 'content', problem: { reason: 'too_large', maxBytes: 1 } }, false],
])('a retry may solve %j: %s', (facts, expected) => {
  expect(isTransient(failure(facts))).toBe(expected)
})

describe('the backoff', () => {
  test('doubles up to a limit', () => {
    const longest = [1, 2, 3, 4, 10, 100].map((attempt) => backoffMs(attempt, () => 1))
    expect(longest).toEqual([200, 400, 800, 1600, 10_000, 10_000])
  })

  test('has full jitter', () => {
    expect(backoffMs(3, () => 0)).toBe(0)
    expect(backoffMs(3, () => 0.5)).toBe(400)
  })
})
