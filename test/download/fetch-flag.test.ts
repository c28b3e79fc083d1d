import { expect, test } from 'vitest'
import { toFailedAttempt } from '../../src/download/fetch-flag.js'

test.each([
  ['60', { retryAfterMs: 60_000, failure: { message: '429 Too Many Requests' } }],
  ['61', { failure: { problem: { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 } } }],
])('a Retry-After of %s s is obeyed up to 60 s', (seconds, expected) => {
  const headers = { 'retry-after': seconds }
  const response = { statusCode: 429, headers, body: Buffer.of(), headersAt: 0 }
  const route = { redirectedTo: undefined, proxy: undefined }
  expect(toFailedAttempt({ kind: 'response', response, route })).toMatchObject(expected)
})
