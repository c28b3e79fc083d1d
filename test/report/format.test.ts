import { expect, test } from 'vitest'
import { emptyTally } from '../../src/download/result.js'
import {
  ansiColors,
  attemptLine,
  type Colors,
  hostPauseText,
  interruptedLine,
  noColors,
  responseLine,
  resultLine,
  summaryLine,
  tallyText,
} from '../../src/report/format.js'
import { attempt, oneSaved, response, results } from '../helpers/results.js'

const marks: Colors = { bad: (text) => `<bad ${text}>`, good: (text) => `<good ${text}>` }
const { saved, unchanged, notFound, failed } = results

test.each([
  [saved, 'BR saved 999 B in 12 ms'],
  [{ ...saved, bytes: 1000, attempts: 2 }, 'BR saved 1.0 kB in 12 ms (2 attempts)'],
  [{ ...saved, note: 'no\nname' }, 'BR saved 999 B in 12 ms, as out/br.gif: no\ufffdname'],
  [unchanged, 'CN unchanged in 12 ms'],
  [{ ...unchanged, note: 'why', path: 'a\tb' }, 'CN unchanged in 12 ms, as a\ufffdb: why'],
  [notFound, 'XX <bad not found>: http://h/XX.gif'],
  [{ ...notFound, url: 'a\u001b' }, 'XX <bad not found>: a\ufffd'],
  [failed, 'IN <bad failed>: http://h/IN.gif: refused (ECONNREFUSED)'],
  [
    { ...failed, attempts: 4, failure: { ...failed.failure, message: 'a\u001bb' } },
    'IN <bad failed>: http://h/IN.gif: a\ufffdb (4 attempts)',
  ],
])('the line of the result %j is %j', (result, line) => {
  expect(resultLine(result, marks)).toBe(line)
})

test.each([
  [{}, '<good 1 flag saved> in 1.24s to out'],
  [{ durationMs: 2 }, '<good 1 flag saved> in 0.01s to out'],
  [{ saved: 2, failed: 1, exitCode: 1 }, '<bad 2 flags saved, 1 failed> in 1.24s to out'],
  [{ saved: 0, unchanged: 3 }, '<good 3 flags unchanged> in 1.24s (folder: out)'],
  [{ saved: 0, notFound: 1, failed: 2 }, '<good 1 flag not found, 2 failed> in 1.24s'],
  [
    { concurrencyPeak: 40, concurrencyLast: 30 },
    '<good 1 flag saved> in 1.24s to out; concurrency limit: highest 40, final 30',
  ],
  [{ saved: 0 }, '<good 0 flags saved> in 1.24s'],
  [
    { selected: 20, output: 'a\nb' },
    '<good stopped after 1 of 20 flags: 1 flag saved> in 1.24s to a\ufffdb',
  ],
])('the summary with %j is %j', (parts, line) => {
  expect(summaryLine({ ...oneSaved, ...parts }, marks)).toBe(line)
})

test.each([
  [{ saved: 2, selected: 249 }, '2 of 249 saved'],
  [{ saved: 0, selected: 20 }, '0 of 20 saved'],
  [{ saved: 2, unchanged: 1, selected: 20 }, '2 saved, 1 unchanged of 20'],
  [{ selected: 20, notFound: 2, failed: 6 }, '1 of 20 saved, 2 not found, 6 failed'],
])('the last line of a run interrupted with %j says %j and how to resume', (parts, progress) => {
  const line = `<bad Interrupted>: ${progress}. Run again to resume.`
  expect(interruptedLine({ ...oneSaved, ...parts }, marks)).toBe(line)
})

test('the tally names only what occurred, in a fixed order', () => {
  expect(tallyText(emptyTally)).toBe('')
  expect(tallyText({ ...emptyTally, failed: 1, saved: 12 })).toBe('12 saved, 1 failed')
  const all = { saved: 1, unchanged: 2, notFound: 3, failed: 4, bytes: 5 }
  expect(tallyText(all)).toBe('1 saved, 2 unchanged, 3 not found, 4 failed')
})

test('a host pause is rounded up to whole seconds', () => {
  expect(hostPauseText({ host: 'h:80', ms: 11_001 })).toBe(
    'waiting 12 s before more requests to h:80',
  )
  expect(hostPauseText({ host: 'a\u001b', ms: 1000 })).toBe(
    'waiting 1 s before more requests to a\ufffd',
  )
})

test('the line of an attempt has its number, outcome, time and the wait before a retry', () => {
  const failure = { ...failed.failure, message: 'no\nanswer' }
  expect(attemptLine(attempt)).toBe('BR attempt 1 of 4 ended after 12 ms')
  expect(attemptLine({ ...attempt, failure, retryInMs: 204 })).toBe(
    'BR attempt 1 of 4 failed after 12 ms: no\ufffdanswer; retrying in 0.20 s',
  )
})

test('the line of a response has its times and the headers that matter, and no others', () => {
  const headers = {
    'content-type': 'image/gif',
    'content-length': '9',
    'content-encoding': 'br',
    etag: '"\u001b"',
    'last-modified': 'then',
    location: '/x',
    'retry-after': '3',
    server: 'secret',
  }
  expect(responseLine({ ...response, headers })).toBe(
    'GET http://h/BR.gif: 200, first byte after 3 ms, end after 4 ms; content-type: image/gif; ' +
      'content-length: 9; content-encoding: br; etag: "\ufffd"; last-modified: then; location: /x; retry-after: 3',
  )
  expect(responseLine(response)).toMatch(/end after 4 ms$/)
})

test('colors are red and green, or nothing', () => {
  expect(ansiColors.bad('x')).toBe('\u001b[31mx\u001b[39m')
  expect(ansiColors.good('x')).toBe('\u001b[32mx\u001b[39m')
  expect(noColors.bad('x') + noColors.good('y')).toBe('xy')
})
