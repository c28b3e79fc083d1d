import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { gif } from '../../helpers/gif.js'
import {
  type Answer,
  body,
  cutAfter,
  dripping,
  endless,
  ends,
  gzipped,
  head,
  redirect,
  resets,
  rudeServer,
  sends,
  status,
  whole,
} from '../../helpers/rude-server.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'

const flag = gif('A whole flag, long enough to be cut')
const half = flag.subarray(0, flag.length / 2)
const length = `Content-Length: ${flag.length}`
const damaged = Buffer.from(flag).fill(0x99, 19, 20)
const crlf = Buffer.from('\r\n')

/** A fault, its message, and the kind of its failure. */
type Fault = readonly [name: string, fault: Answer, message: RegExp, kind: string]

function faults(kind: string, rows: readonly [string, Answer, RegExp][]): Fault[] {
  return rows.map((row) => [...row, kind])
}

function statuses(reason: string, ...codes: readonly number[]): Fault[] {
  return codes.map((code) => {
    return [`status ${code}`, status(`${code} ${reason}`), new RegExp(`^${code}\\b`), 'http']
  })
}

const cutChunks = Buffer.concat([Buffer.from(`${half.length.toString(16)}\r\n`), half, crlf])
const manyLetters = `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(99_999)}`
const soon: Answer = (socket, code) => {
  const retryAt = new Date(Date.now() + 1500).toUTCString()
  status('503 Rest', `Retry-After: ${retryAt}`)(socket, code)
}

/** Faults that a retry may fix. */
const transient: readonly Fault[] = [
  ...faults('network', [
    ['reset before an answer', resets, /ECONNRESET|closed/],
    ['closed before an answer', ends(), /closed/],
    ['closed in the head', ends('HTTP/1.1 200 OK\r\nCont'), /./],
    ['garbage for an answer', ends('SSH-2.0-OpenSSH_9.2\r\n'), /malformed/],
    ['a head without end', sends(manyLetters), /./],
    ['two lengths', cutAfter(flag, length, 'Content-Length: 3'), /./],
    ['a bad chunk', cutAfter('xyz\r\n', 'Transfer-Encoding: chunked'), /./],
    ['a body cut short by its length', cutAfter(half, length), /closed before the whole response/],
    ['a chunked body cut short', cutAfter(cutChunks, 'Transfer-Encoding: chunked'), /closed/],
  ]),
  ...faults('content', [
    ['a GIF cut short, told by nothing', cutAfter(half, 'Connection: close'), /truncated/],
    ['a GIF cut short, its length right', body(half), /truncated/],
    ['a damaged GIF', body(damaged), /damaged/],
    ['an empty body', body(''), /empty/],
    ['damaged gzip', body('no gzip', 'Content-Encoding: gzip'), /damaged/],
  ]),
  ...statuses('Trouble', 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524),
  ...faults('http', [
    ['429, come back in a second', status('429 Slow', 'Retry-After: 1'), /^429/],
    ['503, come back at a time', soon, /^503/],
  ]),
]

/** Faults of time, which a retry may fix, too. */
const late = /^no complete response within/
const stalls = faults('timeout', [
  ['no answer', () => {}, late],
  ['a stall in the head', sends('HTTP/1.1 200 OK\r\nCont'), late],
  ['a stall in the body', sends(Buffer.concat([Buffer.from(head('200 OK', length)), half])), late],
  ['a drip', dripping, late],
])

const tooLarge = /larger than 5000000 bytes/
const longBody = head('200 OK', 'Content-Length: 9000000') + 'x'.repeat(6_000_000)
const bomb = gzipSync(Buffer.alloc(5_000_001))
const inTwoDays = status('429 Slow', 'Retry-After: 86400', 'Retry-After: 172800')

/** Faults that a retry would only repeat. */
const lasting: readonly Fault[] = [
  ...statuses('No', 201, 204, 206, 304, 400, 401, 403, 410, 418, 451, 501, 505),
  ...faults('content', [
    ['a sign-in page', body('<!doctype html><title>Sign in</title>'), /not a GIF/],
    ['a PNG', body('\x89PNG\r\n\x1a\n'), /not a GIF/],
    ['too large, by its length', sends(longBody), tooLarge],
    ['too large when it is decoded', body(bomb, 'Content-Encoding: gzip'), tooLarge],
    ['too large, without end', endless, tooLarge],
    ['an unknown coding', body(flag, 'Content-Encoding: zip'), /'zip'/],
    ['two codings', body(flag, 'Content-Encoding: zip', 'Content-Encoding: rar'), /'rar'/],
  ]),
  ...faults('http', [
    ['429, come back tomorrow', status('429 Slow', 'Retry-After: 86400'), /86400 s.* 60 s/],
    ['429, come back tomorrow or the day after', inTwoDays, /86400 s/],
    ['a redirect to itself', redirect('?'), /redirect loop/],
    ['a redirect without Location', status('302 Found'), /without a Location/],
    ['a redirect to a file', redirect('file:///etc/passwd'), /not an http or https URL/],
    ['a redirect to nothing', redirect('http://', 301), /not an http or https URL/],
  ]),
]

/** Oddities that are not faults. */
const odd: [name: string, answer: Answer][] = [
  [
    'early hints',
    (socket, code) => {
      socket.write(head('103 Early Hints', 'Link: </style.css>'))
      whole(socket, code)
    },
  ],
  [
    'no length, closed at the end',
    (socket, code) => cutAfter(gif(code), 'Connection: close')(socket, code),
  ],
  ['the wrong type', (socket, code) => body(gif(code), 'Content-Type: text/html')(socket, code)],
  ['compressed unasked', gzipped],
  [
    'bytes behind the answer',
    (socket, code) => {
      whole(socket, code)
      socket.write('and more')
    },
  ],
]

/** AA, AB … one for each row. */
const codeAt = (index: number) =>
  String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))

async function download(rows: readonly (readonly Answer[])[], ...args: string[]) {
  const codes = rows.map((_row, index) => codeAt(index))
  const answers = Object.fromEntries(rows.map((row, index) => [codeAt(index), row]))
  const server = await rudeServer(answers)
  const cwd = await tempFolder()
  const options = ['-s', server.url, '--json', '-c', '20', ...args]
  const ended = await runMain(['download', ...codes, ...options], { cwd })
  const lines = jsonLines(ended.stdout)
  const summary = lines.pop()
  const results = new Map(lines.map((line) => [line.code, line]))
  expect(results.size).toBe(rows.length)
  return { ...ended, server, summary, results, folder: join(cwd, 'downloaded') }
}

describe('a fault that passes', () => {
  test.each([
    ['of a response', transient, '30'],
    ['of time', stalls, '2'],
  ])('%s ends with the whole right file after one more attempt', async (_, failing, timeout) => {
    const rows = failing.map(([, fault]) => [fault, whole])
    // A new connection for each: a reused one would be replaced without another attempt.
    const { results, exitCode, folder } = await download(rows, '-c', '50', '--timeout', timeout)
    for (const [index, [name]] of failing.entries()) {
      const code = codeAt(index)
      expect(results.get(code), name).toMatchObject({ status: 'saved', attempts: 2 })
      expect(await readFile(join(folder, `${code.toLowerCase()}.gif`)), name).toEqual(gif(code))
    }
    expect(exitCode).toBe(0)
    expect(await namesIn(folder)).toHaveLength(failing.length + 1)
  })
})

describe('a fault that lasts', () => {
  test.each([
    ['of a response, is retried', transient, 2, '30'],
    ['of time, is retried', stalls, 2, '1'],
    // None of these is about time, and 5 MB may take some on a busy machine.
    ['which a retry would only repeat, is not', lasting, 1, '30'],
  ])('%s, fails with a reason, and leaves no file', async (_, failing, attempts, timeout) => {
    const rows = failing.map(([, fault]) => [fault])
    const options = ['--retries', '1', '--timeout', timeout]
    const { results, exitCode, server, folder, summary } = await download(rows, ...options)
    for (const [index, [name, , message, kind]] of failing.entries()) {
      const code = codeAt(index)
      const result = results.get(code)
      expect(result, name).toMatchObject({ status: 'failed', attempts, failure: { kind } })
      expect(result.failure.message, name).toMatch(message)
      // A closed connection that was reused is replaced once, within the attempt.
      const isRepeated = name.endsWith('before an answer') || name.startsWith('a redirect')
      expect(server.requests(code), name).toBeGreaterThanOrEqual(attempts)
      expect(server.requests(code), name).toBeLessThanOrEqual(isRepeated ? attempts + 1 : attempts)
    }
    expect(exitCode).toBe(1)
    expect(summary.failed).toBe(failing.length)
    expect(await namesIn(folder)).toEqual([])
  })

  test('a refused connection is retried, and reported', async () => {
    const cwd = await tempFolder()
    const args = ['download', 'BR', '-s', 'http://127.0.0.1:1', '--retries', '1', '--json']
    const { stdout, exitCode } = await runMain(args, { cwd })
    expect(exitCode).toBe(1)
    expect(jsonLines(stdout)[0]).toMatchObject({
      attempts: 2,
      failure: {
        kind: 'network',
        message: 'connection refused; is a server running there? (ECONNREFUSED)',
      },
    })
  })

  test('an unknown host is reported', async () => {
    const args = ['download', 'BR', '-s', 'http://no-such-host.invalid', '--retries', '0']
    const { stderr, exitCode } = await runMain(args, { cwd: await tempFolder() })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/host name (not found|lookup failed); check .* \(E/)
  })
})

test('an odd but legal response is not a fault', async () => {
  const { results, exitCode, folder } = await download(odd.map(([, answer]) => [answer]))
  for (const [index, [name]] of odd.entries()) {
    const code = codeAt(index)
    expect(results.get(code), name).toMatchObject({ status: 'saved' })
    expect(await readFile(join(folder, `${code.toLowerCase()}.gif`)), name).toEqual(gif(code))
  }
  expect(exitCode).toBe(0)
})

describe('redirects', () => {
  const chain =
    (steps: number): Answer =>
    (socket, code) =>
      redirect(`/${steps}/${code.toLowerCase()}.gif`)(socket, code)
  const hops = (count: number) => Array.from({ length: count }, (_, index) => chain(index))

  test('five redirects are followed within one attempt', async () => {
    const { results } = await download([[...hops(5), whole]])
    expect(results.get('AA')).toMatchObject({ status: 'saved', attempts: 1 })
  })

  test('six redirects are too many', async () => {
    const { results } = await download([[...hops(6), whole]])
    expect(results.get('AA').failure.message).toMatch(/more than 5 redirects/)
  })
})

test('control characters from outside never reach the terminal', async () => {
  const evil = redirect('mailto:\u009b31m\u202e')
  const { stdout, stderr } = await download([[evil]], '-v')
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(stderr).toContain('mailto:')
})
