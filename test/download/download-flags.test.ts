import { getEventListeners } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DownloadEvents, eventNames } from '../../src/download/download-context.js'
import { type DownloadOptions, downloadFlags } from '../../src/download/download-flags.js'
import type { FlagResult } from '../../src/download/result.js'
import { addToTally, emptyTally, tallyTotal } from '../../src/download/result.js'
import { RunError, UsageError } from '../../src/errors.js'
import { collect } from '../helpers/collect.js'
import { answerGif, codeOf, flagServer, send, taggedServer } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const thirty = Array.from(
  { length: 30 },
  (_, index) => `${'ABC'[index % 3]}${'ABCDEFGHIJ'[index % 10]}`,
)

/** Those of the test runner alone: no run has begun. */
const exitListeners = process.listenerCount('exit')

describe('downloadFlags', () => {
  test('saves whole flags and records them', async () => {
    const { url } = await flagServer()
    const output = await tempFolder()
    const results = await collect(downloadFlags(['BR', 'cn'], { server: url, output }))
    expect(results.map(({ status }) => status)).toEqual(['saved', 'saved'])
    expect(await readFile(join(output, 'br.gif'))).toEqual(gif('BR'))
    expect(await namesIn(output)).toEqual(['br.gif', 'cn.gif', 'flags.json'])
    const { version, flags } = JSON.parse(await readFile(join(output, 'flags.json'), 'utf8'))
    expect(version).toBe(2)
    expect(flags.BR.gif).toMatchObject({
      file: 'br.gif',
      url: `${url}/br/br.gif`,
      bytes: gif('BR').length,
      width: 3,
      height: 2,
      country: 'Brazil',
    })
  })

  test('yields results with their keys in the order that scripts see', async () => {
    const { url } = await flagServer()
    const output = await tempFolder()
    const [result] = await collect(downloadFlags(['BR'], { server: url, output }))
    expect(Object.keys(result ?? {})).toEqual([
      'code',
      'status',
      'url',
      'path',
      'bytes',
      'attempts',
      'durationMs',
    ])
  })

  test('yields results in the order of completion', async () => {
    // Answers are held until all three are requested; then one is sent after each result.
    const held = new Map<string, ServerResponse>()
    const order = ['CC', 'AA', 'BB']
    const release = () => {
      const code = order[seen.length] ?? ''
      const response = held.get(code)
      if (response) send(response, gif(code))
    }
    const { url } = await flagServer((request, response) => {
      held.set(codeOf(request), response)
      if (held.size === 3) release()
    })
    const seen: string[] = []
    const output = await tempFolder()
    for await (const { code } of downloadFlags(['AA', 'BB', 'CC'], { server: url, output })) {
      seen.push(code)
      release()
    }
    expect(seen).toEqual(order)
  })

  test('has exactly as many requests open as the concurrency, on as many connections', async () => {
    const concurrency = 7
    // Answers wait until this many are open, and a little longer, to catch one too many.
    const open: (() => void)[] = []
    let left = thirty.length
    const server = await flagServer((request, response) => {
      open.push(() => answerGif(request, response))
      if (open.length < Math.min(concurrency, left)) return
      setTimeout(() => {
        left -= open.length
        for (const answer of open.splice(0)) answer()
      }, 20)
    })
    await collect(
      downloadFlags(thirty, { server: server.url, output: await tempFolder(), concurrency }),
    )
    expect(server.peak()).toBe(concurrency)
    expect(server.connections()).toBe(concurrency)
    expect(server.requests).toHaveLength(thirty.length)
  })

  test('counts each flag once, and a failure only for its own flag', async () => {
    const { url } = await flagServer((request, response) => {
      const code = codeOf(request)
      if (code.endsWith('A')) send(response, 'no such flag', 404)
      else if (code.endsWith('B')) send(response, 'teapot', 418)
      else if (code.endsWith('C')) send(response, '<title>Sign in</title>')
      else answerGif(request, response)
    })
    const output = await tempFolder()
    const results = await collect(downloadFlags(thirty, { server: url, output, concurrency: 3 }))
    const tally = results.reduce(addToTally, emptyTally)
    expect(tallyTotal(tally)).toBe(thirty.length)
    expect(tally).toMatchObject({ saved: 21, notFound: 3, failed: 6, unchanged: 0 })
    for (const result of results) {
      const expected = { A: 'not_found', B: 'failed', C: 'failed' }[result.code[1] ?? ''] ?? 'saved'
      expect(result).toMatchObject({ status: expected })
    }
    const saved = results.filter(({ status }) => status === 'saved')
    const files = saved.map(({ code }) => `${code.toLowerCase()}.gif`)
    expect(await namesIn(output)).toEqual([...files, 'flags.json'].sort())
  })

  test('yields failures as values that give the reason', async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'AA') send(response, 'teapot', 418)
      else send(response, '<title>Sign in</title>')
    })
    const results = await collect(
      downloadFlags(['AA', 'BB'], { server: url, output: await tempFolder() }),
    )
    const failures = new Map(
      results.map((result) => [result.code, result.status === 'failed' && result.failure]),
    )
    expect(failures.get('AA')).toEqual({
      kind: 'http',
      statusCode: 418,
      message: "418 I'm a teapot",
    })
    expect(failures.get('BB')).toEqual({
      kind: 'content',
      problem: { reason: 'wrong_format', format: 'gif' },
      message: 'the body is not a GIF image',
    })
  })

  test('stops the downloads when the loop is left early, and leaves no partial file', async () => {
    let answered = 0
    const server = await flagServer((request, response) => {
      answered += 1
      // From the fourth on, half a flag and then nothing.
      if (answered < 4) return answerGif(request, response)
      response.writeHead(200, { 'Content-Length': gif().length })
      response.write(gif().subarray(0, 10))
    })
    const output = await tempFolder()
    const seen: string[] = []
    for await (const { path } of savedOf(downloadFlags(thirty, { server: server.url, output }))) {
      seen.push(path)
      if (seen.length === 2) break
    }
    const names = await namesIn(output)
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(names.length).toBeLessThanOrEqual(4)
    const { flags } = JSON.parse(await readFile(join(output, 'flags.json'), 'utf8'))
    expect(Object.keys(flags)).toHaveLength(names.length - 1)
    expect(server.requests.length).toBeLessThan(thirty.length)
  })

  test('leaves no listener on the process, however many run at once', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const { url } = await flagServer()
    const runs = Array.from({ length: 12 }, async () =>
      collect(downloadFlags(['BR'], { server: url, output: await tempFolder() })),
    )
    await Promise.all(runs)
    expect(process.listenerCount('exit')).toBe(exitListeners)
    expect(warnings).toEqual([])
  })

  test('leaves no listener on the signal it was given, however it ends', async () => {
    const file = join(await tempFolder(), 'file')
    await writeFile(file, '')
    const { signal } = new AbortController()
    const { url } = await flagServer()
    for (const output of [file, await tempFolder()]) {
      await collect(downloadFlags(['BR'], { server: url, output, signal })).catch(() => {})
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test("throws the signal's reason when it aborts", async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'AA') answerGif(request, response)
    })
    const output = await tempFolder()
    const stop = new AbortController()
    const results = downloadFlags(['AA', 'BB', 'CC'], { server: url, output, signal: stop.signal })
    expect((await results.next()).value).toMatchObject({ code: 'AA', status: 'saved' })
    stop.abort(new Error('enough'))
    await expect(results.next()).rejects.toThrow('enough')
    expect(await namesIn(output)).toEqual(['aa.gif', 'flags.json'])
  })

  test('requests an unchanged flag, which is not sent again', async () => {
    const { url, bodies } = await taggedServer()
    const output = await tempFolder()
    await collect(downloadFlags(['BR', 'CN'], { server: url, output }))
    await writeFile(join(output, 'cn.gif'), 'spoilt')
    const again = await collect(downloadFlags(['BR', 'CN'], { server: url, output }))
    expect(Object.fromEntries(again.map(({ code, status }) => [code, status]))).toEqual({
      BR: 'unchanged',
      CN: 'saved',
    })
    expect(bodies()).toBe(3)
    expect(await readFile(join(output, 'cn.gif'))).toEqual(gif('CN'))
  })

  test('sends only If-Modified-Since to a server that has only Last-Modified', async () => {
    const lastModified = 'Thu, 01 Jan 2026 00:00:00 GMT'
    const { url } = await flagServer((request, response) => {
      const { 'if-modified-since': since, 'if-none-match': tag } = request.headers
      response.setHeader('Last-Modified', lastModified)
      if (since === lastModified && tag === undefined) response.writeHead(304).end()
      else answerGif(request, response)
    })
    const output = await tempFolder()
    for (const status of ['saved', 'unchanged']) {
      const results = await collect(downloadFlags(['BR'], { server: url, output }))
      expect(results).toMatchObject([{ status, bytes: gif('BR').length }])
    }
  })

  test.each<[unknown, unknown, string | RegExp]>([
    [['Narnia'], {}, "unknown country 'Narnia'"],
    [['Congo'], {}, "'Congo' is ambiguous: CD"],
    [['BR'], { server: 'nowhere' }, "invalid server 'nowhere'"],
    ...[7, null, Symbol('x'), ['BR']].map((code) =>
      wrong([code], {}, /^invalid codes( '7')?: give strings$/),
    ),
    ...[undefined, null, 7, 'BR', {}, () => {}, { [Symbol.iterator]: 7 }].map((codes) =>
      wrong(codes, {}, /^invalid codes.*: give an array or another iterable of codes$/),
    ),
    ...[null, 7, 'CN', () => {}].map((options) =>
      wrong(['BR'], options, /^invalid options.*: give an object$/),
    ),
    ...[null, 7, {}, new AbortController(), () => {}].map((signal) =>
      wrong(['BR'], { signal }, /^invalid signal.*: give an AbortSignal$/),
    ),
    ...eventNames.flatMap((name) =>
      [null, 7, {}, 'f'].map((listener) =>
        wrong(['BR'], { [name]: listener }, new RegExp(`^invalid ${name}.*: give a function$`)),
      ),
    ),
    wrong(['BR'], { out: 'x' }, "unknown option 'out': did you mean 'output'?"),
    wrong(['BR'], { timeout: 5 }, "unknown option 'timeout': did you mean 'timeoutMs'?"),
    wrong(['BR'], { onwarnings() {} }, "did you mean 'onWarning'?"),
    wrong(['BR'], { x: undefined }, "unknown option 'x': give some of server, concurrency, "),
  ])('refuses %o with %o', async (codes, options, message) => {
    const results = downloadFlags(codes as string[], options as DownloadOptions)
    const ended = await collect(results).catch((error) => error)
    expect(ended).toBeInstanceOf(UsageError)
    expect(ended.message).toMatch(message)
  })

  test('reports the attempts and the responses of a run', async () => {
    const { url } = await flagServer()
    const seen: string[] = []
    const events: DownloadEvents = {
      onAttemptStart: ({ code, attempt }) => seen.push(`${code} ${attempt}`),
      onResponse: ({ statusCode }) => seen.push(`${statusCode}`),
      onAttemptEnd: ({ maxAttempts }) => seen.push(`of ${maxAttempts}`),
      onConcurrencyChange: () => seen.push('only with auto'),
    }
    await collect(downloadFlags(['BR'], { server: url, output: await tempFolder(), ...events }))
    expect(seen).toEqual(['BR 1', '200', 'of 4'])
  })

  test.each(eventNames)('ends the run with an error thrown in %s', async (name) => {
    const output = await tempFolder()
    await writeFile(join(output, 'flags.json'), 'damaged')
    let requests = 0
    const { url } = await flagServer((request, response) => {
      requests += 1
      if (requests > 1) return answerGif(request, response)
      response.writeHead(429, { 'Retry-After': '1' }).end()
    })
    const error = new Error('of a listener')
    const listener = () => {
      throw error
    }
    const options = { server: url, output, concurrency: 'auto', [name]: listener } as const
    const results = downloadFlags(thirty, options)
    await expect(collect(results)).rejects.toBe(error)
    expect(requests).toBeLessThan(thirty.length)
  })

  test('ends before the first request if the folder cannot be created', async () => {
    const server = await flagServer()
    const file = join(await tempFolder(), 'file')
    await writeFile(file, '')
    const run = collect(downloadFlags(['BR'], { server: server.url, output: join(file, 'folder') }))
    await expect(run).rejects.toThrow(RunError)
    expect(server.requests).toEqual([])
  })
})

const wrong = (...row: [codes: unknown, options: unknown, message: string | RegExp]) => row

async function* savedOf(results: AsyncIterable<FlagResult>) {
  for await (const result of results) if (result.status === 'saved') yield result
}
