import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Interrupt } from '../../../src/errors.js'
import { timelinePage } from '../../../src/pages/timeline-page.js'
import { answerGif, answering, codeOf, flagServer, send } from '../../helpers/flag-server.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { serveFlags } from '../../helpers/serve-flags.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'
import { hasTerminal, screenAfter, startInTerminal } from '../../helpers/terminal.js'

/** Makes an empty folder the folder of temporary files, and returns a function that lists it. */
async function emptyTmpdir(): Promise<() => Promise<string[]>> {
  const folder = await tempFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return () => namesIn(folder)
}

const quick = ['bench', '--delay', '0.02', '--limit', '20', '--levels', '20,1', '--runs', '2']

describe('flags bench', () => {
  test('prints a line for each level and recommends one, and leaves nothing behind', async () => {
    const cwd = await tempFolder()
    const left = await emptyTmpdir()
    const { stdout, stderr, exitCode } = await runMain(quick, { cwd })
    expect(exitCode).toBe(0)
    expect(stderr).toBe(
      'flags in each run: 20, runs at each level: 2; speed-up is relative to level 1\n',
    )
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^level +median +min +flags\/s +speed-up +of ideal$/)
    expect(lines[1]).toMatch(/^ +1 +[\d.]+s +[\d.]+s +[\d.]+ +1\.0x +\d+%$/)
    expect(lines[2]).toMatch(/^ +20 +[\d.]+s +[\d.]+s +[\d.]+ +[\d.]+x +\d+%$/)
    expect(lines[3]).toMatch(
      /^Use --concurrency (1|20) against this server \([\d.]+ flags\/s\): it is the lowest level /,
    )
    expect(await left()).toEqual([])
    expect(await namesIn(cwd)).toEqual([])
  })

  test('writes a page of the levels on one time axis with --timeline, without the warm-up', async () => {
    const cwd = await tempFolder()
    const args = [...quick, '--runs', '1', '--timeline', 'levels.html']
    expect(await runMain(args, { cwd })).toMatchObject({ exitCode: 0 })
    const page = await readFile(join(cwd, 'levels.html'), 'utf8')
    const titles = [...page.matchAll(/<h2 id="run-\d">([^<]*)/g)].map(([, title]) => title)
    expect(titles).toEqual(['Level 1', 'Level 20'])
    expect(page.match(/<a class="row"/g)).toHaveLength(40)
    expect(page).toContain('<dt>Open at most</dt><dd>20</dd>')
    const axes = [...page.matchAll(/<line class="tick"[\s\S]*?(?=<g|<svg)/g)].map(([axis]) => axis)
    expect(new Set(axes).size).toBe(1)
  })

  test('prints an object for each level with --json, and the summary last', async () => {
    const { stdout, exitCode } = await runMain([...quick, '--json'])
    expect(exitCode).toBe(0)
    const [one, twenty, summary] = jsonLines(stdout)
    const keys = ['type', 'concurrency', 'flags', 'elapsedMs', 'medianMs', 'minMs']
    expect(Object.keys(one)).toEqual([...keys, 'flagsPerSecond', 'speedUp', 'shareOfIdeal'])
    expect(one).toMatchObject({ type: 'level', concurrency: 1, flags: 20, speedUp: 1 })
    expect(twenty.elapsedMs).toHaveLength(2)
    for (const { elapsedMs, shareOfIdeal } of [one, twenty]) {
      // No run is shorter than its delays, twenty or one; a timer may fire a little early.
      expect(Math.min(...elapsedMs)).toBeGreaterThan(elapsedMs === one.elapsedMs ? 370 : 18)
      expect(shareOfIdeal).toBeLessThan(1.1)
    }
    expect(summary).toEqual({
      type: 'summary',
      server: 'local',
      delayMs: 20,
      flags: 20,
      runs: 2,
      recommended: expect.toBeOneOf([1, 20]),
      exitCode: 0,
    })
  })
})

describe('flags bench --server', () => {
  test('warns about 200 requests or fewer to a server given by URL, and sends no more', async () => {
    const server = await flagServer()
    const args = ['bench', '-s', server.url, '-l', '20', '--levels', '1,5,20,100']
    const { stdout, stderr, exitCode } = await runMain(args)
    expect(exitCode).toBe(0)
    expect(server.requests).toHaveLength(200)
    expect(server.peak()).toBeLessThanOrEqual(20)
    expect(stderr).toContain('note: levels above the number of flags (20) omitted: 100\n')
    expect(stderr).toContain(
      `warning: this bench sends 200 requests to ${server.url}, up to 20 at once`,
    )
    expect(stdout).not.toContain('of ideal')
    expect(stdout).toMatch(/^Use --concurrency \d+ against this server \(.*$/m)
  })

  test('refuses more than 200 requests to a server given by URL without --yes', async () => {
    const server = await flagServer()
    const { stderr, exitCode } = await runMain(['bench', '-s', server.url])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^error: this bench would send 1300 requests to http:.*confirm with --yes/,
    )
    expect(server.requests).toEqual([])
  })

  test('sends more with --yes, each of them for a whole flag', async () => {
    const conditional: IncomingMessage[] = []
    const server = await flagServer((request, response) => {
      if (request.headers['if-none-match']) conditional.push(request)
      response.setHeader('ETag', '"same"')
      answerGif(request, response)
    })
    const args = ['bench', '-s', server.url, '--yes', '-l', '60', '--levels', '60', '--runs', '4']
    const { stdout, stderr, exitCode } = await runMain([...args, '--json'])
    expect(exitCode).toBe(0)
    expect(server.requests).toHaveLength(300)
    expect(conditional).toEqual([])
    expect(stderr).toContain('warning: this bench sends 300 requests')
    expect(jsonLines(stdout)[0]).not.toHaveProperty('shareOfIdeal')
    expect(jsonLines(stdout).at(-1)).not.toHaveProperty('delayMs')
  })

  test('stops at a level at which a flag fails, retries nothing, and exits with 1', async () => {
    // The warm-up and level 1 are 60 requests, and go well.
    const server = await flagServer((request, response) => {
      if (server.requests.length > 60) send(response, 'slow down', 503)
      else answerGif(request, response)
    })
    const left = await emptyTmpdir()
    const args = ['bench', '-s', server.url, '--levels', '1,20,21', '--runs', '1', '-l', '30']
    const { stdout, stderr, exitCode } = await runMain([...args, '--json'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^[A-Z]{2} failed: http.*\/\w\w\.gif: 503 Service Unavailable$/m)
    expect(stderr).toMatch(/^stopped during level 20, run 1 of 1: 30 of 30 flags failed$/m)
    expect(server.requests).toHaveLength(90)
    expect(jsonLines(stdout)).toMatchObject([
      { type: 'level', concurrency: 1 },
      { type: 'summary', recommended: 1, exitCode: 1 },
    ])
    expect(await left()).toEqual([])
  })

  test('measures nothing if the server has no flag, and keeps the timeline of an earlier bench', async () => {
    const server = await flagServer(answering({}, 404))
    const cwd = await tempFolder()
    const earlier = timelinePage([])
    await writeFile(join(cwd, 'levels.html'), earlier)
    const args = ['bench', '-s', server.url, '-l', '20', '--levels', '1']
    const ended = await runMain([...args, '--timeline', 'levels.html'], { cwd })
    expect(ended).toMatchObject({ stdout: '', exitCode: 1 })
    expect(ended.stderr).toContain('stopped during the warm-up: the server has none of the flags\n')
    expect(server.requests).toHaveLength(20)
    expect(await readFile(join(cwd, 'levels.html'), 'utf8')).toBe(earlier)
  })

  test('measures flags serve as the example in its help says', async () => {
    const { stdout: help } = await runMain(['bench', '--help'])
    const [, url = '', options = ''] = /flags bench -s (\S+) (.*?) {2}/.exec(help) ?? []
    const { pathname } = new URL(url)
    const serving = await serveFlags()
    const server = new URL(pathname, serving.url).href
    const { stdout, stderr, exitCode } = await runMain([
      'bench',
      '-s',
      server,
      ...options.split(' '),
    ])
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`warning: this bench sends 80 requests to ${server},`)
    expect(stdout).toMatch(/^Use --concurrency /m)
  })

  test('notes the flags that are not found, and measures the others', async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request).startsWith('A')) send(response, 'no', 404)
      else answerGif(request, response)
    })
    const args = ['bench', '-s', url, '--levels', '1', '--runs', '1', '-l', '20']
    const { stderr, exitCode } = await runMain(args)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^note: \d+ of 20 flags not found$/m)
  })

  test('ends with 130 when it is interrupted, and leaves nothing behind', async () => {
    const left = await emptyTmpdir()
    const interrupt = new AbortController()
    const server = await flagServer((request, response) => {
      if (server.requests.length <= 30) answerGif(request, response)
      else interrupt.abort(new Interrupt('SIGINT'))
    })
    const args = ['bench', '-s', server.url, '-l', '20', '--levels', '1,5']
    const ended = await runMain(args, { signal: interrupt.signal })
    expect(ended).toMatchObject({ stdout: '', exitCode: 130 })
    expect(ended.stderr).toMatch(/^Interrupted/m)
    expect(await left()).toEqual([])
  })
})

describe.runIf(hasTerminal)('flags bench in a terminal', () => {
  test('draws bars, and a spinner that leaves no trace', async () => {
    const size = { columns: 120, rows: 24 }
    const terminal = startInTerminal([...quick, '--delay', '0.1', '--runs', '1'], size)
    await terminal.shown('the warm-up')
    const { sent, exitCode } = await terminal.ended
    expect(exitCode).toBe(0)
    expect(sent).toContain('level 1, run 1 of 1')
    const { rows: lines } = await screenAfter(sent, size)
    expect(lines[2]).toMatch(/% {2}█+$/)
    expect(lines[3]).toMatch(/% {2}█+$/)
    expect(lines[3]?.length).toBeLessThan(lines[2]?.length ?? 0)
  })
})
