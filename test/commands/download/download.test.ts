import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkGif } from '../../../src/images/gif.js'
import { finish } from '../../helpers/check.js'
import { answering, flagServer } from '../../helpers/flag-server.js'
import { gif } from '../../helpers/gif.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'

describe('flags download', () => {
  test('saves 20 whole flags without arguments, and exits with 0', async () => {
    const cwd = await tempFolder()
    const { stdout, stderr, exitCode } = await runMain(['download', '--concurrency', '5'], { cwd })
    expect(exitCode).toBe(0)
    const paths = stdout.trimEnd().split('\n')
    expect(paths).toHaveLength(20)
    for (const path of paths) {
      expect(finish(checkGif(await readFile(join(cwd, path))))).toMatchObject({ isComplete: true })
    }
    expect(stderr).toMatch(/^20 flags saved in \d+\.\d\ds to downloaded\n$/)
    expect(await namesIn(join(cwd, 'downloaded'))).toHaveLength(21)
  })

  test('finds all flags unchanged the second time, and still prints their paths', async () => {
    const cwd = await tempFolder()
    await runMain(['download', 'BR', 'CN'], { cwd })
    const { stdout, stderr, exitCode } = await runMain(['download', 'BR', 'CN'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').sort()).toEqual(['', 'downloaded/br.gif', 'downloaded/cn.gif'])
    expect(stderr).toMatch(/^2 flags unchanged in /)
  })

  test('fails if a flag given by code is not found, but not one from a letter', async () => {
    const { url } = await flagServer(answering({ BR: 200 }, 404))
    const cwd = await tempFolder()
    const named = await runMain(['download', '-s', url, 'BR', 'XX'], { cwd })
    expect(named.exitCode).toBe(1)
    expect(named.stdout).toBe('downloaded/br.gif\n')
    expect(named.stderr).toContain(`XX not found: ${url}/xx/xx.gif\n`)
    expect(named.stderr).toContain('1 flag saved, 1 not found in ')

    const letter = await runMain(['download', '-s', url, 'b'], { cwd })
    expect(letter.exitCode).toBe(0)
    expect(letter.stderr).not.toContain('http')
    expect(letter.stderr).toMatch(/1 flag saved, 25 not found/)
  })

  test('names a failed flag with its URL and the reason, and exits with 1', async () => {
    const { url } = await flagServer(answering({}, 418))
    const cwd = await tempFolder()
    const { stdout, stderr, exitCode } = await runMain(['download', '-s', url, 'b'], { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`BR failed: ${url}/br/br.gif: 418 I'm a teapot\n`)
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual([])
  })

  test('exits with 3 if the folder is a file, before the first request', async () => {
    const { url, connections } = await flagServer()
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'downloaded'), '')
    expect(await runMain(['download', 'BR', '-s', url], { cwd })).toEqual({
      stdout: '',
      stderr: 'error: cannot write to the folder downloaded: it is a file, not a folder\n',
      exitCode: 3,
    })
    expect(connections()).toBe(0)
  })

  test('exits with 3 if a file is a folder, and leaves no temporary file', async () => {
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'downloaded', 'br.gif'), { recursive: true })
    const { stderr, exitCode } = await runMain(['download', 'BR'], { cwd })
    expect(exitCode).toBe(3)
    expect(stderr).toContain(join('downloaded', 'br.gif'))
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['br.gif'])
  })

  test('prints each flag as it completes with --json, failures included, and the summary last', async () => {
    const { url } = await flagServer(answering({ CN: 418, XX: 404 }))
    const args = ['download', '--json', '-s', url, 'BR', 'XX', 'CN', 'JP']
    const { stdout, exitCode } = await runMain(args, { cwd: await tempFolder() })
    expect(exitCode).toBe(1)
    const lines = jsonLines(stdout)
    const summary = lines.pop()
    expect(lines.map(({ type, code, status }) => `${type} ${code} ${status}`).sort()).toEqual([
      'flag BR saved',
      'flag CN failed',
      'flag JP saved',
      'flag XX not_found',
    ])
    expect(lines.find(({ code }) => code === 'CN').failure).toMatchObject({
      kind: 'http',
      message: "418 I'm a teapot",
    })
    const bytes = lines.reduce((sum, line) => sum + (line.bytes ?? 0), 0)
    expect(bytes).toBe(gif('BR').length + gif('JP').length)
    const tally = { total: 4, saved: 2, unchanged: 0, notFound: 1, failed: 1, bytes }
    const times = { durationMs: expect.any(Number), exitCode: 1 }
    expect(summary).toEqual({ type: 'summary', server: url, concurrency: 5, ...tally, ...times })
    expect(Object.keys(summary).join(' ')).toBe(
      'type server concurrency total saved unchanged notFound failed bytes durationMs exitCode',
    )
  })

  test('prints a line for each flag with -v, and only errors with -q', async () => {
    const { url } = await flagServer(answering({ CN: 418 }))
    const args = ['download', '-s', url, 'BR', 'CN']
    const verbose = await runMain([...args, '-v'], { cwd: await tempFolder() })
    expect(verbose.stderr).toMatch(/^BR saved \d+ B in \d+ ms$/m)
    const quiet = await runMain([...args, '-q'], { cwd: await tempFolder() })
    expect(quiet.stderr).toBe(`CN failed: ${url}/cn/cn.gif: 418 I'm a teapot\n`)
    expect(quiet.stdout).toBe('downloaded/br.gif\n')
  })

  test('prints URLs and paths with --dry-run, opens no socket and writes no file', async () => {
    const { url, connections } = await flagServer()
    const cwd = await tempFolder()
    const { stdout, exitCode } = await runMain(['download', '-an', '-s', url], { cwd })
    expect({ exitCode, lines: stdout.match(/\n/g)?.length }).toEqual({ exitCode: 0, lines: 249 })
    expect(stdout).toContain(`\n${url}/br/br.gif\tdownloaded/br.gif\n`)
    expect(connections()).toBe(0)
    expect(await namesIn(cwd)).toEqual([])
  })
})

test('flags download --gallery writes the page, with the missing flags at its end', async () => {
  const { url } = await flagServer(answering({ CN: 418, XX: 404 }))
  const cwd = await tempFolder()
  const args = ['download', '--gallery', '-s', url, 'BR', 'CN', 'XX']
  const { stdout, stderr, exitCode } = await runMain(args, { cwd })
  expect(exitCode).toBe(1)
  expect(stdout).toBe(`${join('downloaded', 'br.gif')}\n`)
  expect(stderr).toContain(`gallery written to ${join('downloaded', 'index.html')}\n`)
  const page = await readFile(join(cwd, 'downloaded', 'index.html'), 'utf8')
  expect(page).toMatch(/src="br\.gif"/)
  expect(page).toMatch(
    /China[\s\S]*it could not be downloaded[\s\S]*XX[\s\S]*the server has no such flag/,
  )
})

test('the page lists every flag as missing if none was downloaded', async () => {
  const { url } = await flagServer(answering({}, 418))
  const cwd = await tempFolder()
  const { exitCode } = await runMain(['download', '--gallery', '-s', url, 'BR'], { cwd })
  expect(exitCode).toBe(1)
  const page = await readFile(join(cwd, 'downloaded', 'index.html'), 'utf8')
  expect(page).toContain('it could not be downloaded')
})

describe('flags download in a terminal', () => {
  /** What a run prints to stderr in which BR fails and CN is saved. */
  async function sentBy(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
    const { url } = await flagServer(answering({ BR: 418 }))
    const options = { cwd: await tempFolder(), env, terminal: { columns: 200, rows: 24 } }
    const { stderr } = await runMain(['download', 'BR', 'CN', '-s', url, ...args], options)
    expect(stderr).toMatch(/1 flag saved, 1 failed/)
    return stderr
  }

  test.each([
    [{ TERM: 'xterm' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'xterm', CI: 'true' }, false],
  ])('with %j draws a bar: %s', async (env, draws) => {
    const sent = await sentBy(env, '--no-color')
    expect(/[█░] \d\/2 /.test(sent)).toBe(draws)
    expect(sent.includes('\u001b')).toBe(draws)
  })

  test.each([
    [{ TERM: 'xterm' }, [], true],
    [{ NO_COLOR: '1' }, [], false],
    [{ TERM: 'dumb' }, [], false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, [], true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    [{ FORCE_COLOR: '1' }, ['--no-color'], false],
    [{ NO_COLOR: '1' }, ['--color', 'always'], true],
  ])('with %j and %j has color: %s', async (env, args, expected) => {
    expect((await sentBy(env, ...args)).includes('\u001b[31mfailed')).toBe(expected)
  })
})
