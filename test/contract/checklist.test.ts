/**
 * What people expect of a command-line program, rule by rule. The numbers are those of the checklist
 * that the program was built to; max rules have closer tests elsewhere.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { defaults } from '../../src/download/settings.js'
import { exitCode } from '../../src/exit-codes.js'
import { answerGif, codeOf, flagServer, send } from '../helpers/flag-server.js'
import { flagsBin, jsonLines, runFlags, startFlags } from '../helpers/run-flags.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'
import { hasTerminal, screenAfter, startInTerminal } from '../helpers/terminal.js'

const commands = [
  'download',
  'verify',
  'list',
  'show',
  'gallery',
  'serve',
  'bench',
  'demo',
  'completion',
]
const helpOf = async (...words: string[]) => (await runFlags([...words, '--help'])).stdout

/** A server that has BR and CN, fails IN, and knows no other. */
const mixedServer = () =>
  flagServer((request, response) => {
    const code = codeOf(request)
    if (code === 'BR' || code === 'CN') answerGif(request, response)
    else send(response, 'no', code === 'IN' ? 418 : 404)
  })

/** Runs a shell line in which $FLAGS is the program. */
async function shell(line: string, cwd: string) {
  const env = { ...process.env, FLAGS: `${process.execPath} ${flagsBin}`, CI: '' }
  const child = spawn('bash', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, status }
}

describe('help and version', () => {
  test.each([[['--help']], [['-h']], [['help', 'download']], [['download', '-h']]])(
    'rule 1, 2: %j is help, on stdout, with 0',
    async (words) => {
      const { stdout, stderr, exitCode } = await runFlags(words)
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      expect(stdout).toMatch(/^Usage: flags /)
    },
  )

  test.each(commands)('rule 1: %s has help', async (name) => {
    expect(await helpOf(name)).toContain(`Usage: flags ${name}`)
  })

  test('rule 3: alone it says what it can do', async () => {
    const { stdout, exitCode } = await runFlags([])
    expect(exitCode).toBe(0)
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
  })

  test('rule 4: examples come first, then options', async () => {
    const help = await helpOf('download')
    expect(help.indexOf('Examples:')).toBeLessThan(help.indexOf('--server'))
  })

  test('rule 6: the version', async () => {
    expect((await runFlags(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([
    [['dowload'], 'download'],
    [['download', '--concurency', '3'], '--concurrency'],
    [['download', '-s', 'locl'], 'local'],
    [['download', 'GBR'], 'GB'],
    [['list', '--region', 'Europa'], 'Europe'],
  ])('rule 7: %j gets a suggestion', async (words, meant) => {
    const { stderr, exitCode } = await runFlags(words)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(new RegExp(`did you mean '?${meant}\\b`, 'i'))
  })
})

describe('the exit status', () => {
  test('rule 8, 10: tells a missing flag from a usage error from a run that cannot start', async () => {
    const { url } = await mixedServer()
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'file'), '')
    const status = async (...words: string[]) =>
      (await runFlags(['download', '-s', url, ...words], { cwd })).exitCode
    expect(await status('BR')).toBe(0)
    expect(await status('b')).toBe(0)
    expect(await status('IN')).toBe(1)
    expect(await status('XX')).toBe(1)
    expect(await status('--nope')).toBe(2)
    expect(await status('BR', '-o', 'file')).toBe(3)
    const help = await helpOf('download')
    for (const code of Object.values(exitCode))
      expect(help).toMatch(new RegExp(`^ {2}.*\\b${code}\\b`, 'm'))
  })

  test('rule 11: is the same whatever ends first', async () => {
    const { url } = await mixedServer()
    for (const words of [
      ['IN', 'BR'],
      ['BR', 'IN'],
      ['XX', 'IN', 'CN'],
    ]) {
      const { exitCode } = await runFlags(['download', '-s', url, ...words], {
        cwd: await tempFolder(),
      })
      expect(exitCode).toBe(1)
    }
  })

  test('rule 12: keeps clear of the codes of Node.js and the shell', () => {
    for (const code of Object.values(exitCode)) {
      expect([13, 126, 127]).not.toContain(code)
      if (code > 128) expect([128 + 1, 128 + 2, 128 + 15]).toContain(code)
    }
  })

  test('rule 9, 14: an empty selection is a usage error', async () => {
    const { exitCode, stderr } = await runFlags(['download', '-'], { stdin: '# none\n' })
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'error: no codes in stdin\n' })
  })
})

describe('the streams', () => {
  test('rule 15, 18, 20: results on stdout, words on stderr, errors alone with -q', async () => {
    const { url } = await mixedServer()
    const words = ['download', '-s', url, 'BR', 'IN']
    const { stdout, stderr } = await runFlags(words, { cwd: await tempFolder() })
    expect(stdout).toBe(`${join('downloaded', 'br.gif')}\n`)
    expect(stderr).toMatch(
      /^IN failed: .*\/in\/in\.gif: 418 I'm a teapot\n1 flag saved, 1 failed in /,
    )
    const quiet = await runFlags([...words, '-q'], { cwd: await tempFolder() })
    expect(quiet.stderr).toMatch(/^IN failed: .*\n$/)
  })

  test('rule 19: success is one line, with a count and a place', async () => {
    const { stderr } = await runFlags(['download', 'BR'], { cwd: await tempFolder() })
    expect(stderr).toMatch(/^1 flag saved in \d+\.\d\ds to downloaded\n$/)
  })

  test('rule 16, 17: --json is one object a line, failures included, whatever is drawn beside it', async () => {
    const { url } = await mixedServer()
    const cwd = await tempFolder()
    const line = `$FLAGS download --every -c 50 --json -s ${url} >out.json; jq -es 'map(.type) | length' <out.json`
    if (hasTerminal) {
      const { stdout } = await shell(
        `script -qec '${line.replaceAll("'", `'\\''`)}' /dev/null`,
        cwd,
      )
      expect(stdout).toMatch(/677(\u001b\[0m)?\r?\n$/)
    }
    const { stdout, status } = await shell(line, cwd)
    expect({ stdout, status }).toEqual({ stdout: '677\n', status: 0 })
  })

  test('rule 21, 22: an error is one line without a trace, and says what to do', async () => {
    const { stderr } = await runFlags(['download', '--timeout', 'soon'])
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stderr).toMatch(/^error: .*'soon' is invalid\. Give a number/)
  })

  test('rule 23: a reader that has seen enough is no error, and all files are there', async () => {
    const cwd = await tempFolder()
    const { stdout, stderr, status } = await shell(
      'set -o pipefail; $FLAGS download --all | head -1',
      cwd,
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/^downloaded\/..\.gif\n$/)
    expect(stderr).toMatch(/^249 flags saved in .*\n$/)
    expect(await namesIn(join(cwd, 'downloaded'))).toHaveLength(250)
  })

  test('rule 23: stdout closed from the start loses no file', async () => {
    const cwd = await tempFolder()
    const { status, stderr } = await shell('$FLAGS download --json BR CN >&-', cwd)
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^2 flags saved/),
    })
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test('rule 23: a slow reader gets every line whole', async () => {
    const cwd = await tempFolder()
    const output = 'long'.repeat(50)
    const { child, ended } = startFlags(
      ['download', '--every', '-c', '50', '--json', '-o', output],
      { cwd },
    )
    const { stdout } = child
    if (!stdout) throw new Error('no stdout')
    // Nothing is read until the pipe is full and the program has to wait.
    stdout.pause()
    const { url } = await flagServer()
    for (let turn = 0; turn < 20; turn++) await (await fetch(`${url}/br/br.gif`)).arrayBuffer()
    stdout.resume()
    const lines = jsonLines((await ended).stdout)
    expect(lines).toHaveLength(677)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', total: 676, failed: 0 })
  })
})

describe('the terminal', () => {
  test('rule 24: no bar and no colour in a pipe', async () => {
    const { url } = await mixedServer()
    const { stderr } = await runFlags(['download', '-v', '-s', url, 'BR', 'IN'], {
      cwd: await tempFolder(),
    })
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f█]/)
  })

  describe.runIf(hasTerminal)('of its own', () => {
    test.each([
      [[], {}, true],
      [[], { NO_COLOR: '1' }, false],
      [[], { NO_COLOR: '' }, true],
      [[], { TERM: 'dumb' }, false],
      [['--no-color'], { FORCE_COLOR: '1' }, false],
      [[], { TERM: 'dumb', FORCE_COLOR: '1' }, true],
    ])('rule 25, 26: with %j and %j colour is %s', async (words, env, isColoured) => {
      const { url } = await mixedServer()
      const cwd = await tempFolder()
      const { ended } = startInTerminal(['download', '-s', url, 'IN', ...words], {
        cwd,
        env,
        cols: 120,
      })
      expect((await ended).sent.includes('\u001b[31m')).toBe(isColoured)
    })

    test('rule 28, 29: the bar moves with each flag, and failures stand above it', async () => {
      const held: (() => void)[] = []
      const { url } = await flagServer((request, response) => {
        if (codeOf(request) === 'IN') send(response, 'no', 418)
        else held.push(() => answerGif(request, response))
      })
      const size = { cols: 100, rows: 20 }
      const words = ['download', '-s', url, 'BR', 'CN', 'IN']
      const { shown, ended } = startInTerminal(words, { ...size, cwd: await tempFolder() })
      expect((await screenAfter(await shown('1 failed\u001b[0K'), size)).rows[0]).toMatch(
        /^IN failed/,
      )
      held.shift()?.()
      await shown(' 2/3  66%')
      held.shift()?.()
      expect((await ended).exitCode).toBe(1)
    })

    test('rule 34: stdin that is a terminal gets a hint, not a program that hangs', async () => {
      const { sent, exitCode } = await startInTerminal(['download', '-'], { cols: 200 }).ended
      expect(exitCode).toBe(2)
      expect(sent).toMatch(/^error: stdin is a terminal: pipe codes into it/)
    })
  })
})

describe('arguments', () => {
  test.each(commands)('rule 30: every option of %s has a long name', async (name) => {
    const options = [...(await helpOf(name)).matchAll(/^ {2}(-.*?) {2,}/gm)].map(
      ([, names]) => names,
    )
    expect(options.length).toBeGreaterThan(0)
    for (const names of options) expect(names).toContain('--')
  })

  test('rule 31, 32: options stand before or after, and -- ends them', async () => {
    const plan = async (...words: string[]) => (await runFlags(['download', ...words])).stdout
    const expected = await plan('-n', 'BR')
    expect(await plan('BR', '-n')).toBe(expected)
    expect(await plan('-n', '--', 'BR')).toBe(expected)
    expect((await runFlags(['download', '--', '--all'])).stderr).toContain(
      "bad country code '--all'",
    )
  })

  test('rule 33: four ways to write one option', async () => {
    const { url } = await mixedServer()
    const cwd = await tempFolder()
    for (const words of [['-c7'], ['-c', '7'], ['--concurrency=7'], ['--concurrency', '7']]) {
      const { stdout } = await runFlags(['download', '--json', '-s', url, 'BR', ...words], { cwd })
      expect(jsonLines(stdout).at(-1)).toMatchObject({ concurrency: 7 })
    }
  })

  test('rule 34: - reads codes from stdin, --from from a file', async () => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'codes.txt'), 'BR, cn # Asia\n')
    const piped = await runFlags(['download', '-n', '-'], { cwd, stdin: 'BR,cn\n' })
    const listed = await runFlags(['download', '-n', '--from', 'codes.txt'], { cwd })
    expect(piped.stdout).toBe(listed.stdout)
    expect(piped.stdout.trimEnd().split('\n')).toHaveLength(2)
    const bad = await runFlags(['download', '-n', '-'], { stdin: 'BR\n\nB!\n' })
    expect(bad).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: stdin, line 3: .*'B!'/),
    })
  })

  test('rule 35: the usual names', async () => {
    const help = await helpOf('download')
    for (const names of ['-n, --dry-run', '-o, --output', '-q, --quiet', '-f, --force', '--json']) {
      expect(help).toContain(names)
    }
  })

  test('rule 36: a dry run opens no socket and writes no file', async () => {
    const server = await flagServer()
    const cwd = await tempFolder()
    await runFlags(['download', '--all', '-n', '-s', server.url], { cwd })
    expect(server.connections()).toBe(0)
    expect(await namesIn(cwd)).toEqual([])
  })

  test.each([[['download', '--conc', '5']], [['down']], [['list', '--reg', 'Asia']]])(
    'rule 37: %j is not guessed at',
    async (words) => expect((await runFlags(words)).exitCode).toBe(2),
  )
})

describe('robustness', () => {
  test('rule 38: what is wrong is said before the first request', async () => {
    const server = await flagServer()
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'file'), '')
    for (const words of [['B!'], ['BR', '-c', '1001'], ['BR', '-o', 'file']]) {
      await runFlags(['download', '-s', server.url, ...words], { cwd })
    }
    expect(server.connections()).toBe(0)
  })

  test('rule 39: no wait is without end', () => {
    expect(defaults.timeoutMs).toBeGreaterThan(0)
    expect(defaults.timeoutMs).toBeLessThanOrEqual(60_000)
  })

  test('rule 40: the run after a failure fetches only what is missing', async () => {
    let isWell = false
    const sent: string[] = []
    const { url } = await flagServer((request, response) => {
      if (request.headers['if-none-match']) return void response.writeHead(304).end()
      response.setHeader('ETag', '"1"')
      if (!isWell && codeOf(request) === 'CN') return send(response, 'no', 418)
      sent.push(codeOf(request))
      answerGif(request, response)
    })
    const cwd = await tempFolder()
    const run = () => runFlags(['download', '-s', url, 'BR', 'CN', 'IN'], { cwd })
    expect((await run()).exitCode).toBe(1)
    isWell = true
    sent.length = 0
    expect((await run()).exitCode).toBe(0)
    expect(sent).toEqual(['CN'])
  })

  test('rule 13, 42, 43: it asks nothing, and SIGINT ends it with 130', async () => {
    let asked = 0
    const { url } = await flagServer(() => {
      asked += 1
      if (asked === 5) child.kill('SIGINT')
    })
    const { child, ended } = startFlags(['download', '-s', url], { cwd: await tempFolder() })
    expect((await ended).exitCode).toBe(130)
  })

  test('rule 44: the command line goes before the environment, and a bad variable is named', async () => {
    const cwd = await tempFolder()
    const env = { FLAGS_OUTPUT: 'there', FLAGS_RETRIES: 'many' }
    const bad = await runFlags(['download', '-n', 'BR'], { cwd, env })
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("'FLAGS_RETRIES'") })
    const { stdout } = await runFlags(['download', '-n', 'BR', '-o', 'here', '--retries', '1'], {
      cwd,
      env: { FLAGS_OUTPUT: 'there' },
    })
    expect(stdout).toContain(join('here', 'br.gif'))
  })
})
