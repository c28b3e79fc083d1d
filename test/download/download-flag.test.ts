import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DownloadOptions, downloadFlags } from '../../src/download/download-flags.js'
import { toFailedAttempt } from '../../src/download/retry.js'
import { RunError } from '../../src/errors.js'
import { collect } from '../helpers/collect.js'
import { flagServer, send } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

/** A server whose flag has the ETag "1", and downloads of BR from it to one folder. */
async function brazil(answer: (response: ServerResponse) => void) {
  const received: IncomingHttpHeaders[] = []
  const server = await flagServer((request, response) => {
    received.push(request.headers)
    response.setHeader('ETag', '"1"')
    answer(response)
  })
  const output = await tempFolder()
  const download = (options: DownloadOptions = {}) =>
    collect(downloadFlags(['BR'], { server: server.url, output, ...options }))
  const read = (name: string) => readFile(join(output, name), 'utf8')
  return { server, received, output, download, read }
}

test('a request asks for an image, and for no content coding', async () => {
  const { received, download } = await brazil((response) => send(response, gif()))
  await download()
  await download({ format: 'svg', retries: 0 })
  expect(received.map(({ accept }) => accept)).toEqual(['image/gif', 'image/svg+xml'])
  for (const headers of received) expect(headers['accept-encoding']).toBe('identity')
})

test('a 304 in response to an unconditional request is a failure', async () => {
  const { download } = await brazil((response) => void response.writeHead(304).end())
  const failure = { kind: 'http', statusCode: 304, message: '304 Not Modified' }
  expect(await download()).toMatchObject([{ status: 'failed', attempts: 1, failure }])
})

test('a Retry-After beyond the limit is a failure at once', async () => {
  const { download } = await brazil((response) => {
    response.writeHead(503, { 'Retry-After': '61' }).end()
  })
  const problem = { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 }
  const failure = { kind: 'http', statusCode: 503, problem }
  expect(await download()).toMatchObject([{ status: 'failed', attempts: 1, failure }])
})

test.each([
  ['60', { retryAfterMs: 60_000, failure: { message: '429 Too Many Requests' } }],
  ['61', { failure: { problem: { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 } } }],
])('a Retry-After of %s s is obeyed up to 60 s', (seconds, expected) => {
  const headers = { 'retry-after': seconds }
  const response = { statusCode: 429, headers, body: Buffer.of(), headersAt: 0 }
  const route = { redirectedTo: undefined, proxy: undefined }
  expect(toFailedAttempt({ kind: 'response', response, route })).toMatchObject(expected)
})

test('a changed flag replaces the one in place whole; a failed one leaves it, and its record', async () => {
  let body: Buffer | string = gif('one')
  const { download, read } = await brazil((response) => send(response, body))
  await download()
  body = gif('another')
  expect(await download()).toMatchObject([{ status: 'saved', bytes: gif('another').length }])
  expect(await read('br.gif')).toBe(gif('another').toString())
  const record = await read('flags.json')
  body = '<title>Sign in</title>'
  expect(await download()).toMatchObject([{ status: 'failed' }])
  expect(await read('br.gif')).toBe(gif('another').toString())
  expect(await read('flags.json')).toBe(record)
})

test('force ignores the records', async () => {
  const { received, download } = await brazil((response) => send(response, gif()))
  await download()
  await download({ force: true })
  await download()
  const tags = received.map((headers) => headers['if-none-match'])
  expect(tags).toEqual([undefined, undefined, '"1"'])
})

test('the validators of one server, or of a file with another name, are not sent to another', async () => {
  const first = await brazil((response) => send(response, gif()))
  const second = await brazil((response) => send(response, gif()))
  await first.download()
  await second.download({ output: first.output })
  await second.download({ output: first.output, nameBy: 'alpha3' })
  expect(second.received.map((headers) => headers['if-none-match'])).toEqual([undefined, undefined])
  expect(await namesIn(first.output)).toEqual(['bra.gif', 'flags.json'])
})

test('a damaged flags.json is moved aside with a warning, and does not stop the run', async () => {
  const { output, download } = await brazil((response) => send(response, gif()))
  await writeFile(join(output, 'flags.json'), 'not mine')
  const warnings: string[] = []
  const onWarning = (warning: string) => void warnings.push(warning)
  expect(await download({ onWarning })).toMatchObject([{ status: 'saved' }])
  expect(warnings).toEqual([expect.stringMatching(/flags\.json is damaged .*: moved aside to /)])
  await writeFile(join(output, 'flags.json'), 'not mine')
  expect(await download()).toMatchObject([{ status: 'saved' }])
})

test('a flag that cannot be written ends the run, with the name of its file', async () => {
  const { server, output } = await brazil((response) => send(response, gif()))
  await mkdir(join(output, 'br.gif'))
  let taken = 0
  const codes = (function* () {
    for (const code of ['BR', ...Array(100).fill('CN')]) {
      taken += 1
      yield code
    }
  })()
  const run = collect(downloadFlags(codes, { server: server.url, output, concurrency: 1 }))
  await expect(run).rejects.toThrow(RunError)
  await expect(run).rejects.toThrow(`cannot write ${join(output, 'br.gif')}: `)
  expect(server.requests.length).toBeLessThan(100)
  expect(taken).toBeLessThan(100)
})

test('the duration of a flag is the time from its first attempt to its end', async () => {
  const { download } = await brazil((response) => void setTimeout(() => send(response, gif()), 50))
  const begin = performance.now()
  const [result] = await download()
  expect(result?.durationMs).toBeGreaterThanOrEqual(49)
  expect(result?.durationMs).toBeLessThanOrEqual(Math.ceil(performance.now() - begin))
})

test('the embedded server of a run ends with the run', async () => {
  const output = await tempFolder()
  const [result] = await collect(downloadFlags(['BR'], { output }))
  expect(result?.status).toBe('saved')
  await expect(fetch(result?.url ?? '')).rejects.toThrow()
})

test.each(['while the folder is opened', 'in a warning about it'])(
  'a signal that aborts %s ends the run before the first request',
  async (moment) => {
    const { server, output, download } = await brazil((response) => send(response, gif()))
    await writeFile(join(output, 'flags.json'), 'damaged')
    const stop = new AbortController()
    const abort = () => stop.abort(new Error('enough'))
    const run = download({ signal: stop.signal, onWarning: abort })
    if (moment === 'while the folder is opened') abort()
    await expect(run).rejects.toThrow('enough')
    expect(server.requests).toEqual([])
  },
)
