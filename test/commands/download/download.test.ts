import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkGif } from '../../../src/images/gif.js'
import { finish } from '../../helpers/check.js'
import { answerGif, codeOf, flagServer, send } from '../../helpers/flag-server.js'
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
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'BR') answerGif(request, response)
      else send(response, 'no', 404)
    })
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
    const { url } = await flagServer((_request, response) => send(response, 'teapot', 418))
    const cwd = await tempFolder()
    const { stdout, stderr, exitCode } = await runMain(['download', '-s', url, 'b'], { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`BR failed: ${url}/br/br.gif: 418 I'm a teapot\n`)
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual([])
  })

  test.each([
    [['download', 'Narnia'], "'Narnia'"],
    [['download', '-c', '0'], '1 to 1000'],
    [['download', '-c', '5x'], '1 to 1000'],
    [['download', '-c', ''], '1 to 1000'],
    [['download', '--retries', '1.5'], 'whole number'],
    [['download', '--timeout', '0'], "'0'"],
    [['download', '--conc', '5'], '--conc'],
    [['download', '-s', 'nowhere'], 'local, delay, error, remote, flagcdn, flag-icons'],
    [['download', '-v', '-q'], 'cannot be used'],
    [['serve', '--port', '65536'], '65535'],
    [['serve', '--delay', '3-1'], '--delay'],
    [['serve', '--root', '/no/such/folder'], '/no/such/folder'],
  ])('refuses %j with the reason', async (args, said) => {
    const cwd = await tempFolder()
    const { stdout, stderr, exitCode } = await runMain(args, { cwd })
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(said)
    expect(stderr).not.toContain('    at ')
    expect(await namesIn(cwd)).toEqual([])
  })

  test('exits with 3 if the folder is a file', async () => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'downloaded'), '')
    const { stderr, exitCode } = await runMain(['download', 'BR'], { cwd })
    expect(exitCode).toBe(3)
    expect(stderr).toBe(
      'error: cannot write to the folder downloaded: it is a file, not a folder\n',
    )
  })

  test('exits with 3 if a file is a folder, and leaves no temporary file', async () => {
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'downloaded', 'br.gif'), { recursive: true })
    const { stderr, exitCode } = await runMain(['download', 'BR'], { cwd })
    expect(exitCode).toBe(3)
    expect(stderr).toContain(join('downloaded', 'br.gif'))
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['br.gif'])
  })

  test('exits with 3 if a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const { stderr, exitCode } = await runMain(['serve', '--port', String(port)])
    expect(exitCode).toBe(3)
    expect(stderr).toBe(
      `error: cannot listen on 127.0.0.1:${port}: address already in use (EADDRINUSE)\n`,
    )
  })

  test('prints each flag as it completes with --json, failures included, and the summary last', async () => {
    const { url } = await flagServer((request, response) => {
      const code = codeOf(request)
      if (code === 'BR' || code === 'JP') answerGif(request, response)
      else send(response, 'x', code === 'XX' ? 404 : 418)
    })
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
    expect(Object.keys(summary)).toEqual([
      'type',
      'server',
      'concurrency',
      'total',
      'saved',
      'unchanged',
      'notFound',
      'failed',
      'bytes',
      'durationMs',
      'exitCode',
    ])
    expect(summary).toMatchObject({ server: url, concurrency: 5, total: 4, exitCode: 1 })
    expect(summary.bytes).toBe(lines.reduce((sum, { bytes = 0 }) => sum + bytes, 0))
    expect(summary.bytes).toBe(gif('BR').length + gif('JP').length)
    const { saved, unchanged, notFound, failed, total } = summary
    expect(saved + unchanged + notFound + failed).toBe(total)
  })

  test('prints a line for each flag with -v, and only errors with -q', async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'BR') answerGif(request, response)
      else send(response, 'x', 418)
    })
    const args = ['download', '-s', url, 'BR', 'CN']
    const verbose = await runMain([...args, '-v'], { cwd: await tempFolder() })
    expect(verbose.stderr).toMatch(/^BR saved \d+ B in \d+ ms$/m)
    const quiet = await runMain([...args, '-q'], { cwd: await tempFolder() })
    expect(quiet.stderr).toBe(`CN failed: ${url}/cn/cn.gif: 418 I'm a teapot\n`)
    expect(quiet.stdout).toBe('downloaded/br.gif\n')
  })

  test('writes no control characters to a pipe', async () => {
    const { stderr, stdout } = await runMain(['download', '-v', '-s', 'error', 'b'], {
      cwd: await tempFolder(),
    })
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  })

  test('prints URLs and paths with --dry-run, opens no socket and writes no file', async () => {
    const server = await flagServer()
    const cwd = await tempFolder()
    const { stdout, exitCode } = await runMain(['download', '-n', '-s', server.url, 'BR'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toBe(`${server.url}/br/br.gif\tdownloaded/br.gif\n`)
    expect(server.connections()).toBe(0)
    expect(await namesIn(cwd)).toEqual([])
  })

  test('takes options from the environment, but the command line takes precedence', async () => {
    const { url } = await flagServer()
    const env = { FLAGS_SERVER: url, FLAGS_OUTPUT: 'elsewhere', FLAGS_CONCURRENCY: '7' }
    const cwd = await tempFolder()
    const { stdout } = await runMain(['download', 'BR', '--json', '-o', 'here'], { cwd, env })
    expect(jsonLines(stdout)).toMatchObject([
      { path: join('here', 'br.gif') },
      { server: url, concurrency: 7 },
    ])
  })
})
