import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Interrupt } from '../../../src/errors.js'
import { type FlagTimeline, openChanges, type TimelinePhase } from '../../../src/pages/timeline.js'
import { answerGif, codeOf, flagServer, send } from '../../helpers/flag-server.js'
import { harErrors } from '../../helpers/har.js'
import { rudeServer, status, whole } from '../../helpers/rude-server.js'
import { type MainOptions, runMain } from '../../helpers/run-main.js'
import { serveFlags } from '../../helpers/serve-flags.js'
import { tempFolder } from '../../helpers/temp-folder.js'

type RecordedFlag = Omit<FlagTimeline, 'phases'> & {
  readonly durationMs: number
  readonly phases: readonly (TimelinePhase & { readonly durationMs: number })[]
}

/** Runs `flags download --timeline` with a file of this format, in a new folder. */
async function record(format: string, args: readonly string[], options: MainOptions = {}) {
  const cwd = await tempFolder()
  const file = `run.${format}`
  const ended = await runMain(['download', '--timeline', file, ...args], { cwd, ...options })
  return { ...ended, cwd, text: await readFile(join(cwd, file), 'utf8') }
}

const sum = (times: readonly number[]) => times.reduce((a, b) => a + b, 0)

describe('flags download --timeline run.json', () => {
  test("records phases that add up to each flag's duration, with as many open requests as slots", async () => {
    const { url } = await serveFlags('--delay', '0.05')
    const args = ['--json', '-c', '4', '-l', '12', '--all', '-s', url]
    const { text, stdout } = await record('json', args)
    const run = JSON.parse(text)
    const flags: RecordedFlag[] = run.flags
    expect(flags).toHaveLength(12)

    const results = stdout.split('\n', 12).map((line) => JSON.parse(line))
    for (const { code, durationMs, phases } of flags) {
      const all = sum(phases.map((phase) => phase.durationMs))
      expect(Math.abs(all - durationMs)).toBeLessThan(0.1)
      const [queued] = phases
      const result = results.find((each) => each.code === code)
      expect(Math.abs(all - (queued?.durationMs ?? 0) - result.durationMs)).toBeLessThan(2)
      for (const { phase, durationMs: ms } of phases) {
        if (phase === 'waiting') expect(ms).toBeGreaterThan(49)
      }
    }

    const open = openChanges(run).map((change) => change.open)
    expect(Math.max(...open)).toBe(4)
  })

  test('records each attempt of a retried flag, and how it failed', async () => {
    const { url } = await rudeServer({
      AA: [status('500 Trouble'), whole],
      BB: [status('410 Gone')],
    })
    const { text, exitCode } = await record('json', ['aa', 'bb', '-s', url])
    expect(exitCode).toBe(1)
    const flags: RecordedFlag[] = JSON.parse(text).flags
    const [aa, bb] = ['AA', 'BB'].map((code) => flags.find((flag) => flag.code === code))
    const waiting = aa?.phases.filter(({ phase }) => phase === 'waiting')
    expect(waiting?.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(aa?.status).toBe('saved')
    expect(bb).toMatchObject({ status: 'failed' })
    expect(bb?.phases.at(-1)).toMatchObject({ failure: { kind: 'http', statusCode: 410 } })
  })

  test('writes the file when the run is interrupted', async () => {
    const stop = new AbortController()
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'AA') answerGif(request, response)
      else stop.abort(new Interrupt('SIGINT'))
    })
    const args = ['aa', 'bb', 'cc', '-c', '1', '-s', url]
    const { text, exitCode, cwd } = await record('json', args, { signal: stop.signal })
    expect(exitCode).toBe(130)
    const flags: RecordedFlag[] = JSON.parse(text).flags
    expect(flags.map((flag) => `${flag.code} ${flag.status}`)).toContain('BB interrupted')
    expect(await readdir(cwd)).toEqual(['downloaded', 'run.json'])
  })

  test('keeps the file of the previous run if a run ends before its first flag', async () => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'file'), '')
    await writeFile(join(cwd, 'run.json'), 'earlier')
    const args = ['download', 'BR', '--timeline', 'run.json', '-o', 'file']
    const { exitCode, stderr } = await runMain(args, { cwd })
    expect(exitCode).toBe(3)
    expect(stderr).toContain('cannot write to the folder file')
    expect(await readFile(join(cwd, 'run.json'), 'utf8')).toBe('earlier')
  })

  test('writes the file when the run fails, and the error of the run takes precedence', async () => {
    const { url } = await flagServer()
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'br.gif'))
    await mkdir(join(cwd, 'folder.json'))
    const run = (file: string) => {
      const args = ['download', 'BR', '-s', url, '-o', '.', '--timeline', file]
      return runMain(args, { cwd })
    }
    const failed = { exitCode: 3, stderr: expect.stringContaining('error: cannot write br.gif: ') }
    expect(await run('run.json')).toMatchObject(failed)
    const recorded = JSON.parse(await readFile(join(cwd, 'run.json'), 'utf8'))
    expect(recorded).toMatchObject({ flags: [{ code: 'BR', status: 'interrupted' }] })
    expect(await run('folder.json')).toMatchObject(failed)
  })
})

test('flags download --timeline run.har writes a valid archive of redirects and failures', async () => {
  const { url } = await flagServer((request, response) => {
    if (request.url?.startsWith('/moved')) return answerGif(request, response)
    if (codeOf(request) === 'AA')
      return response.writeHead(302, { Location: '/moved/aa.gif' }).end()
    if (codeOf(request) === 'BB') return request.socket.destroy()
    send(response, 'no', 404)
  })
  const { text } = await record('har', ['aa', 'bb', 'cc', '--retries', '0', '-c', '3', '-s', url])
  const har = JSON.parse(text)
  expect(harErrors(har)).toBeUndefined()
  const entries: { request: { url: string }; response: { status: number } }[] = har.log.entries
  const seen = entries.map(
    ({ request, response }) => `${new URL(request.url).pathname} ${response.status}`,
  )
  expect(seen.sort()).toEqual([
    '/aa/aa.gif 302',
    '/bb/bb.gif 0',
    '/cc/cc.gif 404',
    '/moved/aa.gif 200',
  ])
})

test.each([
  ['html', '<!doctype html>'],
  ['svg', '<svg xmlns'],
])('flags download --timeline run.%s writes the run', async (format, start) => {
  const { url } = await flagServer()
  const { text, exitCode } = await record(format, ['BR', 'CN', '-s', url])
  expect(exitCode).toBe(0)
  expect(text.startsWith(start)).toBe(true)
  expect(text).toContain('>BR</text>')
  expect(text).toContain('CN China: saved')
})

test.each([
  ['run.txt', 2, 'Give a file name that ends in .html, .har, .svg or .json'],
  ['html', 2, 'Give a file name that ends in .html, '],
  ['no/run.svg', 3, 'cannot write no/run.svg: no such file or directory (ENOENT)'],
])(
  'flags download --timeline %s ends with %i before any request',
  async (file, exitCode, message) => {
    const { url, requests } = await flagServer()
    const cwd = await tempFolder()
    const ended = await runMain(['download', 'BR', '-s', url, '--timeline', file], { cwd })
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.stderr).toContain(message)
    expect(requests).toEqual([])
    expect(await readdir(cwd)).toEqual([])
  },
)

test.each(['out/flags.json', 'link/FLAGS.JSON', './out/br.svg'])(
  'flags download -o out refuses the timeline %s, which may be a file of its flags',
  async (file) => {
    const { url, requests } = await flagServer()
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'out'))
    await symlink('out', join(cwd, 'link'))
    const args = ['download', 'BR', '-s', url, '-o', 'out', '--timeline', file]
    const { exitCode, stderr } = await runMain(args, { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      `cannot write the timeline to ${file}, a name for flags: give a file outside the output folder`,
    )
    expect(requests).toEqual([])
    expect(await readdir(join(cwd, 'out'))).toEqual([])
  },
)

test('flags download writes and replaces a timeline in the output folder, which it creates', async () => {
  const { url } = await flagServer()
  const cwd = await tempFolder()
  const args = ['download', 'BR', '-s', url, '-o', 'a/out', '--timeline', 'a/out/run.html']
  expect((await runMain(args, { cwd })).exitCode).toBe(0)
  expect((await runMain(args, { cwd })).exitCode).toBe(0)
  expect(await readdir(join(cwd, 'a', 'out'))).toEqual(['br.gif', 'flags.json', 'run.html'])
})

test.each(['download', 'bench'])(
  'flags %s keeps a page that flags did not write from its timeline',
  async (command) => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'run.html'), '<title>mine</title>')
    const ended = await runMain([command, '--timeline', 'run.html'], { cwd })
    expect(ended.exitCode).toBe(3)
    expect(ended.stderr).toContain('cannot write run.html: it was not written by flags')
    expect(await readdir(cwd)).toEqual(['run.html'])
  },
)
