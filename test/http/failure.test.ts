import { expect, test } from 'vitest'
import { type ContentProblem, failure, type HttpProblem } from '../../src/http/failure.js'

const long = 'x'.repeat(200)

test.each([
  [404, '404 Not Found'],
  [418, "418 I'm a teapot"],
  [520, '520'],
])('the status %i is written as %s', (statusCode, text) => {
  expect(failure({ kind: 'http', statusCode }).message).toBe(text)
})

test.each<[HttpProblem, string]>([
  [{ reason: 'no_location' }, 'redirect without a Location'],
  [
    { reason: 'bad_location', location: long },
    `redirect to '${long}', which is not an http or https URL`,
  ],
  [
    { reason: 'bad_location', location: `${long}y` },
    `redirect to '${long}…', which is not an http or https URL`,
  ],
  [{ reason: 'redirect_loop', location: 'http://a/' }, 'redirect loop to http://a/'],
  [{ reason: 'too_many_redirects', max: 5 }, 'more than 5 redirects'],
  [{ reason: 'from_proxy' }, 'CONNECT refused'],
  [
    { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 },
    'Retry-After is 61 s, more than the 60 s allowed',
  ],
])('a response that is unusable as of %j says: %s', (problem, text) => {
  const { message } = failure({ kind: 'http', statusCode: 302, problem })
  expect(message).toBe(`302 Found: ${text}`)
})

test.each<[ContentProblem, string]>([
  [{ reason: 'empty' }, 'the body is empty'],
  [{ reason: 'wrong_format', format: 'gif' }, 'the body is not a GIF image'],
  [{ reason: 'wrong_format', format: 'svg' }, 'the body is not an SVG image'],
  [{ reason: 'truncated' }, 'the image is truncated'],
  [{ reason: 'damaged' }, 'the body is damaged'],
  [{ reason: 'unknown_coding', coding: 'zip' }, "unsupported content coding 'zip'"],
  [{ reason: 'too_many_codings', max: 3 }, 'more than 3 content codings'],
  [{ reason: 'too_large', maxBytes: 9 }, 'the body is larger than 9 bytes'],
])('a body with the problem %j says: %s', (problem, text) => {
  expect(failure({ kind: 'content', problem }).message).toBe(text)
})

test.each([
  [1, '1 ms'],
  [0.2, '1 ms'],
  [99, '99 ms'],
  [100, '0.1 s'],
  [10_000, '10 s'],
  [1250, '1.3 s'],
])('a time limit of %d ms is written as %s', (timeoutMs, text) => {
  expect(failure({ kind: 'timeout', timeoutMs }).message).toBe(
    `no complete response within ${text}`,
  )
})

test('a failure names its code, once, the redirect and the proxy', () => {
  const facts = { kind: 'network', code: 'ECONNREFUSED', detail: 'connection refused' } as const
  expect(failure(facts, { redirectedTo: 'http://b/', proxy: 'p:1' })).toEqual({
    ...facts,
    message:
      'connection refused (ECONNREFUSED), after a redirect to http://b/, through the proxy p:1',
  })
  expect(failure({ ...facts, detail: 'x: ECONNREFUSED' }).message).toBe('x: ECONNREFUSED')
})
