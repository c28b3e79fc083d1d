import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { adaptLimit, concurrencyOf, requestsWithin } from '../../src/download/concurrency.js'
import type { ConcurrencyChange } from '../../src/download/download-context.js'
import { downloadFlags } from '../../src/download/download-flags.js'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import type { SettingsOptions } from '../../src/download/settings.js'
import type { ResponseEvent } from '../../src/http/get.js'
import { openSource } from '../../src/sources/open-source.js'
import { collect } from '../helpers/collect.js'
import { answerGif, flagServer } from '../helpers/flag-server.js'
import { has } from '../helpers/needs.js'
import { jsonLines } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { serveFlags } from '../helpers/serve-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const codes = letters.flatMap((first) => letters.slice(0, 4).map((second) => first + second))

describe('concurrency auto', () => {
  test('opens as many requests as the current limit, up to the maximum', async () => {
    let limit = 0
    let open = 0
    const excess: number[] = []
    const server = await flagServer((request, response) => {
      open += 1
      if (open > limit) excess.push(open)
      setTimeout(() => {
        open -= 1
        answerGif(request, response)
      }, 20)
    })
    const changes: ConcurrencyChange[] = []
    const results = await collect(
      downloadFlags(codes, {
        server: server.url,
        output: await tempFolder(),
        concurrency: 'auto',
        maxConcurrency: 15,
        onConcurrencyChange(change) {
          changes.push(change)
          limit = Math.max(limit, change.limit)
        },
      }),
    )
    expect(results).toHaveLength(codes.length)
    const { host } = new URL(server.url)
    expect(changes.slice(0, 2)).toEqual([
      { limit: 5, reason: { kind: 'start' } },
      { limit: 10, host, reason: { kind: 'keeps_up' } },
    ])
    expect(excess).toEqual([])
    expect(server.peak()).toBeGreaterThan(5)
    expect(server.peak()).toBeLessThanOrEqual(15)
  })

  test('finds the level above which a server rejects, and no flag fails', async () => {
    const { url } = await serveFlags('--delay', '0.01', '--reject-above', '8')
    const args = ['download', '--all', '-s', url, '-c', 'auto', '--json', '-v']
    const output = join(await tempFolder(), 'out')
    const { stdout, stderr, exitCode } = await runMain([...args, '-o', output])
    expect(exitCode).toBe(0)
    const summary = jsonLines(stdout).at(-1)
    expect(summary).toMatchObject({ concurrency: 'auto', saved: 249, failed: 0 })
    expect(summary.concurrencyPeak).toBeGreaterThanOrEqual(10)
    // Between two rejections it tries a little more; without them it would reach 100.
    expect(summary.concurrencyLast).toBeLessThanOrEqual(16)
    const { host } = new URL(url)
    // A 429 delays its own flag only.
    expect(stderr).not.toContain('waiting')
    expect(stderr).toContain('concurrency 5: auto starts low\n')
    expect(stderr).toContain(`concurrency 10: ${host} keeps up\n`)
    expect(stderr).toMatch(new RegExp(`^concurrency \\d: ${host} rejects requests$`, 'm'))
    expect(stderr).toMatch(/; concurrency limit: highest \d+, final \d+\n$/)
  })

  test('may come from FLAGS_CONCURRENCY', async () => {
    const { url } = await flagServer()
    const args = ['download', 'BR', '-s', url, '--json', '-o', await tempFolder()]
    const { stdout } = await runMain(args, { env: { FLAGS_CONCURRENCY: 'auto' } })
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      concurrency: 'auto',
      concurrencyPeak: 5,
      concurrencyLast: 5,
    })
  })
})

/** The limits, with the warnings of finding them. */
async function limitsOf(options: SettingsOptions) {
  const settings = resolveSettings(options)
  const source = await openSource(settings)
  onTestFinished(() => source.close())
  const warnings: string[] = []
  const onWarning = (warning: string) => void warnings.push(warning)
  const limits = await concurrencyOf(settings, source, { onWarning })
  expect(await concurrencyOf(settings, source, {})).toEqual(limits)
  return [limits.max, limits.start, ...warnings]
}

const isShared = 'remote is a shared server: 20 parallel requests are enough'

test.each<[SettingsOptions, number, number, ...string[]]>([
  [{ concurrency: 21 }, 21, 21],
  [{ server: 'remote', concurrency: 20 }, 20, 20],
  [{ server: 'remote', concurrency: 21 }, 21, 21, isShared],
  [{ server: 'remote', concurrency: 'auto' }, 20, 5],
  [{ server: 'remote', concurrency: 'auto', maxConcurrency: 3 }, 3, 3],
  [{ server: 'flagcdn', concurrency: 'auto', maxConcurrency: 21 }, 21, 5],
])('%j allows %i parallel requests, and %i at the start', async (options, ...expected) => {
  expect(await limitsOf(options)).toEqual(expected)
})

const lowered = (limit: number) =>
  `concurrency lowered to ${limit}: the limit of open files is low (ulimit -n)`

test
  .runIf(process.platform === 'linux' && has('prlimit'))
  .for<[SettingsOptions, number, number, ...string[]]>([
    [{ server: 'http://h', concurrency: 364 }, 364, 364],
    [{ server: 'http://h', concurrency: 365 }, 364, 364, lowered(364)],
    [{ server: 'local', concurrency: 'auto', maxConcurrency: 122 }, 121, 5, lowered(121)],
  ])('with 400 open files, %j allows %i parallel requests', async ([options, ...expected]) => {
  const before = execFileSync('sh', ['-c', 'ulimit -Sn'], { encoding: 'utf8' }).trim()
  const setLimit = (limit: string) =>
    execFileSync('prlimit', [`--pid=${process.pid}`, `--nofile=${limit}:`])
  onTestFinished(() => void setLimit(before))
  setLimit('400')
  expect(await limitsOf(options)).toEqual(expected)
})

/** That many requests of a host at once, which take 125 ms or a multiple of it, and how they are answered. */
type Requests = [host: string, count: number, times: number, answer?: Partial<ResponseEvent>]

/** Changes of a limit of 5 to 12, on a clock that stands still but for the time that requests take. */
function adaptedLimit() {
  let seconds = 0
  const clock = vi.spyOn(process, 'uptime').mockImplementation(() => seconds)
  onTestFinished(() => clock.mockRestore())
  const changes: ConcurrencyChange[] = []
  const onConcurrencyChange = (change: ConcurrencyChange) => void changes.push(change)
  const stop = new AbortController()
  const run = { signal: stop.signal, events: { onConcurrencyChange } }
  const onRequest = adaptLimit(pLimit(5), 12, run)
  const request = (...[host, count, times, answer]: Requests) => {
    const ends = Array.from({ length: count }, () => onRequest(new URL(`http://${host}`)))
    seconds += 0.125 * times
    const whole = { url: '', statusCode: 200, headers: {}, bytes: 1, durationMs: 125 }
    for (const end of ends) end(answer && { ...whole, firstByteMs: 125, ...answer })
  }
  return { request, stop, changes: () => changes.slice(1) }
}

const keepsUp = (limit: number, host: string) => ({ limit, host, reason: { kind: 'keeps_up' } })
const ofA: Requests = ['a', 5, 1, {}]

test.for<[string, Requests[], object[]]>([
  // Of 11 requests, 10 are open at the host that takes nine tenths of the time.
  ['leaves to each host its share', [ofA, ['b', 5, 9, {}]], [keepsUp(10, 'a'), keepsUp(11, 'b')]],
  ['stays within the maximum', [ofA, ['b', 5, 2, {}]], [keepsUp(10, 'a'), keepsUp(12, 'b')]],
  ['may stay when that of a host changes', [ofA, ['b', 5, 99, {}]], [keepsUp(10, 'a')]],
  [
    'falls from what was open when a host rejects',
    [ofA, ['a', 1, 1, { statusCode: 429 }]],
    [keepsUp(10, 'a'), { limit: 5, host: 'a', reason: { kind: 'rejected' } }],
  ],
  [
    'falls when bodies arrive slowly',
    [ofA, ['a', 10, 4, {}], ['a', 10, 4, {}]],
    [
      keepsUp(10, 'a'),
      { limit: 5, host: 'a', reason: { kind: 'slow', ms: 500, allowedMs: 191.5 } },
    ],
  ],
])('the limit for all hosts %s', ([, requests, expected]) => {
  const { request, changes } = adaptedLimit()
  for (const each of requests) request(...each)
  expect(changes()).toEqual(expected)
})

test('the limit falls when requests are lost, but not by the end of the run', () => {
  const { request, stop, changes } = adaptedLimit()
  request('a', 2, 1)
  expect(changes()).toEqual([{ limit: 2, host: 'a', reason: { kind: 'lost' } }])
  stop.abort()
  request('a', 2, 1)
  expect(changes()).toHaveLength(1)
})

test.each([
  [32, 1, 1],
  [38, 1, 2],
  [64, 1, 28],
  [64, 3, 9],
  [1024, 1, 988],
  ['unlimited', 3, Number.POSITIVE_INFINITY],
] as const)(
  'a limit of %s open files allows, with %i for each request, %d requests',
  (limit, each, most) => {
    expect(requestsWithin(limit, each)).toBe(most)
  },
)

test('a limit of 31 open files is refused in one line', () => {
  expect(() => requestsWithin(31, 1)).toThrow(
    'the limit of open files is 31: raise it to 32 or more (ulimit -n)',
  )
})
