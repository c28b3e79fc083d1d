import { describe, expect, test, vi } from 'vitest'
import { emptyTally, type FlagResult, type Summary } from '../../src/download/result.js'
import { createOutput } from '../../src/report/output.js'
import { createReporter, type ReportOptions } from '../../src/report/reporter.js'
import { attempt, oneSaved, response, results } from '../helpers/results.js'
import { type TerminalSize, testStream } from '../helpers/run-main.js'

const terminal = { columns: 100, rows: 20 }
interface Streams {
  readonly out?: TerminalSize
  readonly err?: TerminalSize
  readonly env?: NodeJS.ProcessEnv
  readonly color?: boolean
}

async function reporterWith(
  options: Partial<ReportOptions> = {},
  { out, err, env = {}, color = false }: Streams = {},
) {
  const stdout = testStream(out)
  const stderr = testStream(err)
  const { signal } = new AbortController()
  const reporter = await createReporter({ progress: true, ...options }, new Set(['XX']), {
    stdout: createOutput(stdout.stream, env, signal),
    stderr: createOutput(stderr.stream, env, signal),
    hasColor: () => color,
  })
  reporter.start(4)
  return { reporter, stdout: stdout.text, stderr: stderr.text }
}

/** What is on each stream after these results and a summary. */
async function shown(
  options: Partial<ReportOptions>,
  {
    flags = Object.values(results),
    summary = {},
    ...streams
  }: Streams & {
    flags?: readonly FlagResult[]
    summary?: Partial<Summary>
  } = {},
) {
  const { reporter, stdout, stderr } = await reporterWith(options, streams)
  for (const result of flags) await reporter.result(result, emptyTally)
  await reporter.end({ ...oneSaved, ...summary })
  await new Promise((resolve) => setImmediate(resolve))
  return { stdout: stdout(), stderr: stderr() }
}

const paths = 'out/br.gif\nout/cn.gif\n'
const missing = 'XX not found: http://h/XX.gif\n'
const failed = 'IN failed: http://h/IN.gif: refused (ECONNREFUSED)\n'
const end = '1 flag saved in 1.24s to out\n'

describe('a reporter in a pipe', () => {
  test('prints paths to stdout, and failures and a summary to stderr', async () => {
    expect(await shown({})).toEqual({ stdout: paths, stderr: missing + failed + end })
  })

  test('prints only failures with --quiet', async () => {
    expect(await shown({ quiet: true })).toEqual({ stdout: paths, stderr: missing + failed })
  })

  test('prints every result with --verbose', async () => {
    expect((await shown({ verbose: true })).stderr).toBe(
      `BR saved 999 B in 12 ms\nCN unchanged in 12 ms\n${missing}${failed}${end}`,
    )
  })

  test('prints each result, and the summary with its keys in order, with --json', async () => {
    const { stdout, stderr } = await shown({ json: true })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.pop()).toBe(
      '{"type":"summary","server":"local","concurrency":5,"total":1,"saved":1,"unchanged":0,' +
        '"notFound":0,"failed":0,"bytes":999,"durationMs":1236,"exitCode":0}',
    )
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      Object.values(results).map((result) => ({ type: 'flag', ...result })),
    )
    expect(lines[0]).toMatch(/^\{"type":"flag","status":"saved","code":"BR",/)
    expect(stderr).toBe(missing + failed + end)
  })

  test('says nothing about a code that need not be found', async () => {
    const flags = [{ ...results.notFound, code: 'YY' }]
    expect(await shown({}, { flags })).toEqual({ stdout: '', stderr: end })
  })

  test('prints the first note of a run, or all of them with --verbose, or none with --quiet', async () => {
    const flags = ['no name', 'no file'].map((note) => ({ ...results.saved, note }))
    expect((await shown({}, { flags })).stderr).toBe(
      `note: the server has no name for BR (no name); its file is named by code\n${end}`,
    )
    const lines = flags.map(({ note }) => `BR saved 999 B in 12 ms, as out/br.gif: ${note}\n`)
    expect((await shown({ verbose: true }, { flags })).stderr).toBe(lines.join('') + end)
    expect((await shown({ quiet: true }, { flags })).stderr).toBe('')
  })

  test('colors failures and the summary if stderr has color', async () => {
    const { stderr } = await shown({}, { flags: [results.failed], color: true })
    expect(stderr).toContain('IN \u001b[31mfailed\u001b[39m: ')
    expect(stderr).toContain('\u001b[32m1 flag saved\u001b[39m in ')
  })

  test.each([
    [{}, true, 'waiting 2 s before more requests to h\nnote: a\ufffdb\n'],
    [{ quiet: true }, false, ''],
  ] as const)('with %j shows pauses and warnings: %s', async (options, _shows, expected) => {
    const { reporter, stderr } = await reporterWith(options)
    reporter.onHostPause({ host: 'h', ms: 2000 })
    reporter.onWarning('a\u001bb')
    expect(stderr()).toBe(expected)
  })

  const retried =
    'BR attempt 1 of 4 failed after 12 ms: refused (ECONNREFUSED); retrying in 0.10 s\n'
  test.each([
    [{}, ''],
    [{ verbose: true }, retried],
    [
      { debug: true },
      'debug: BR attempt 1 of 4 failed after 12 ms: http://h/BR.gif: refused (ECONNREFUSED); retrying in 0.10 s\n' +
        'debug: BR attempt 1 of 4 ended after 12 ms: http://h/BR.gif\n' +
        'debug: GET http://h/BR.gif: 200, first byte after 3 ms, end after 4 ms\n',
    ],
  ] as const)('with %j logs the attempts %j', async (options, expected) => {
    const { reporter, stderr } = await reporterWith(options)
    reporter.onAttemptStart(attempt)
    reporter.onAttemptEnd({ ...attempt, failure: results.failed.failure, retryInMs: 100 })
    reporter.onAttemptEnd(attempt)
    reporter.onResponse(response)
    expect(stderr()).toBe(expected)
  })
})

describe('the end of a run', () => {
  const interrupted = 'Interrupted: 1 of 20 saved. Run again to resume.\n'
  test.each([
    ['could not start', { total: 0, exitCode: 3 }, {}, ''],
    ['was interrupted in a pipe', { selected: 20, exitCode: 143 }, {}, interrupted],
    [
      'was interrupted on a terminal',
      { selected: 20, exitCode: 130 },
      { err: terminal },
      `\n${interrupted}`,
    ],
  ])('that %s is shown as such', async (_name, summary, streams, expected) => {
    expect((await shown({}, { flags: [], summary, ...streams })).stderr).toBe(expected)
  })

  test('that was interrupted is not mentioned with --quiet', async () => {
    const summary = { total: 0, selected: 20, exitCode: 130 }
    expect((await shown({ quiet: true }, { flags: [], summary })).stderr).toBe('')
  })

  test('that was interrupted is shown below the bar, which leaves an empty line', async () => {
    const summary = { selected: 20, exitCode: 130 }
    const { stderr } = await shown({}, { flags: [], summary, out: terminal, err: terminal })
    expect(stderr.endsWith(interrupted)).toBe(true)
    expect(stderr).not.toContain(`\n${interrupted}`)
  })
})

describe('a reporter on a terminal', () => {
  test.each([
    ['both streams are terminals', {}, { out: terminal, err: terminal }, true],
    ['stdout is a pipe', {}, { err: terminal }, false],
    ['stderr is a pipe', {}, { out: terminal }, false],
    ['--json shares the terminal', { json: true }, { out: terminal, err: terminal }, false],
    ['--quiet is given', { quiet: true }, { out: terminal, err: terminal }, false],
    ['--no-progress is given', { progress: false }, { out: terminal, err: terminal }, false],
    ['the terminal is dumb', {}, { out: terminal, err: terminal, env: { TERM: 'dumb' } }, false],
  ] as const)('draws a bar only where it can: %s', async (_name, options, streams, hasBar) => {
    const { stderr } = await shown(options, { ...streams, flags: [] })
    expect(stderr.includes('░')).toBe(hasBar)
  })

  test('draws an ASCII bar if the locale has no UTF-8', async () => {
    const { stderr } = await shown({}, { out: terminal, err: terminal, env: { LC_ALL: 'C' } })
    expect(stderr).toContain('---- 0/4')
    expect(stderr).not.toContain('░')
  })

  test('prints no paths to stdout', async () => {
    expect((await shown({}, { out: terminal })).stdout).toBe('')
  })

  test('shows pauses, retries and stopping in the bar, and logs above it', async () => {
    vi.useFakeTimers()
    try {
      const { reporter, stderr } = await reporterWith({}, { out: terminal, err: terminal })
      const frame = () => {
        const before = stderr().length
        vi.advanceTimersByTime(200)
        return stderr().slice(before)
      }
      reporter.onAttemptStart({ ...attempt, attempt: 2 })
      expect(frame()).toContain('retrying 1 (attempt 2 of 4)')
      reporter.onHostPause({ host: 'h', ms: 1000 })
      expect(frame()).toContain('waiting 1 s before more requests to h')
      await reporter.result(results.failed, { ...emptyTally, failed: 1 })
      expect(frame()).toMatch(/IN failed: .*\n[\s\S]*1\/4 .*1 failed/)
      reporter.stopping()
      expect(frame()).toContain('stopping')
      await reporter.end(oneSaved)
      expect(stderr()).toMatch(/1 flag saved in 1\.24s to out\n$/)
    } finally {
      vi.useRealTimers()
    }
  })
})
