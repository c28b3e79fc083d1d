import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { concurrencyOf, maxOpenRequests, requestsWithin } from '../../src/download/concurrency.js'
import type { ConcurrencyChange } from '../../src/download/download-context.js'
import { downloadFlags } from '../../src/download/download-flags.js'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import { openSource } from '../../src/sources/open-source.js'
import { collect } from '../helpers/collect.js'
import { answerGif, flagServer, send } from '../helpers/flag-server.js'
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

  test('has a limit for the host that redirects lead to', async () => {
    const { url: target } = await serveFlags('--delay', '0.01', '--reject-above', '8')
    const server = await flagServer((request, response) => {
      response.setHeader('Location', target + request.url)
      send(response, '', 302)
    })
    const changes: ConcurrencyChange[] = []
    await collect(
      downloadFlags(codes, {
        server: server.url,
        output: await tempFolder(),
        concurrency: 'auto',
        onConcurrencyChange: (change) => changes.push(change),
      }),
    )
    // The redirects are answered at once, and the others know their own host to be the slow one.
    expect(changes.map(({ host }) => host)).toContain(new URL(target).host)
  })

  test('stays within the limit of a shared server', async () => {
    const settings = resolveSettings({ server: 'remote', concurrency: 'auto' })
    const source = await openSource(settings)
    onTestFinished(() => source.close())
    expect(await concurrencyOf(settings, source, {})).toEqual({ max: 20, start: 5 })
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

test.runIf(process.platform === 'linux')("the limit is the process's own", async () => {
  const limit = execFileSync('sh', ['-c', 'ulimit -Sn'], { encoding: 'utf8' }).trim()
  expect(await maxOpenRequests(3)).toBe(requestsWithin(limit, 3))
})
