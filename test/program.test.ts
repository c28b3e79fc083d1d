import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Interrupt } from '../src/errors.js'
import { main } from '../src/program.js'
import { answering, flagServer } from './helpers/flag-server.js'
import { jsonLines } from './helpers/run-flags.js'
import { runMain, testStream } from './helpers/run-main.js'
import { namesIn, tempFolder } from './helpers/temp-folder.js'

const terminal = { columns: 100, rows: 20 }

describe('a usage error', () => {
  const isInvalid = (value: string) => `argument '${value}' is invalid. `

  test.each<[line: string | string[], said: string]>([
    ['dowload', 'Did you mean download?'],
    ['down', "unknown command 'down'"],
    ['help foo', "unknown command 'foo'"],
    ['help dowload', 'Did you mean download?'],
    ['version', "error: unknown command 'version': did you mean 'flags --version'?\n"],
    ['help version', "did you mean 'flags --version'?"],
    ['BR', "did you mean 'flags download BR'?"],
    ['Brazil', "did you mean 'flags download Brazil'?"],
    ['b', "did you mean 'flags download b'?"],
    [['South Korea'], `did you mean 'flags download "South Korea"'?\n`],
    ['list --reg Asia', "unknown option '--reg'"],
    ['list --color red', 'auto, always, never'],
    ['download --concurency 3', 'Did you mean --concurrency?'],
    ['download --conc 5', "unknown option '--conc'"],
    ['download -n -- --all', "unknown country '--all'"],
    ['download Brasil', 'did you mean BR (Brazil)?'],
    ['download Narnia', "'Narnia'"],
    ['download B!', "'B!'"],
    ['download --exclude Asia', "error: --exclude: 'Asia' is a continent: give codes or"],
    ['download -v -q BR', 'cannot be used with'],
    ['download -n --timeline run.svg', "cannot be used with option '-n, --dry-run'"],
    [
      'download -s locl',
      `${isInvalid('locl')}Not a valid http or https URL; give a URL or one of local, delay, error, remote, flagcdn, flag-icons.`,
    ],
    ['download --timeout soon', "'soon' is invalid. Give a number"],
    ['download --timeout 0', "'0'"],
    ['download -c 0', '1 to 1000'],
    ['download -c 5x', '1 to 1000'],
    ['download -c ', '1 to 1000'],
    ['download -c 1001', '1 to 1000'],
    ['download --retries 1.5', 'whole number'],
    ...['-o', '--output', '--timeline', '--from'].map((option): [string, string] => [
      `download ${option} --json BR`,
      `${isInvalid('--json')}It looks like an option: write ./--json for a file or folder.`,
    ]),
    ['download -o- BR', `${isInvalid('-')}Writing to stdout is not supported.`],
    ['download -n --from ', 'It must not be empty.'],
    ['download -n --from x\ufffd', 'It must be valid UTF-8.'],
    ['download -n --from absent', 'error: cannot read absent: no such file or directory (ENOENT)'],
    ['download -n --from .', 'error: cannot read .: '],
    ['show', "error: no flags to show: give codes or names ('flags show BR Japan')"],
    ['show Narnia', "'Narnia'"],
    ['show BR --exclude BR', 'error: nothing selected: --exclude leaves no flag'],
    ['show -o -a', 'It looks like an option: write ./-a for a file or folder.'],
    ['serve --port 65536', '65535'],
    ['serve --delay 3-1', '--delay'],
    ['serve --host --port', 'Give a host name or an IP address'],
    [['serve', '--allow-host', ' '], 'Give a host name or an IP address, without a port.'],
    ['serve --allow-host a.example:80', 'Give a host name or an IP address'],
    ['serve --root --port', 'It looks like an option: write ./--port for a'],
    ['serve --root /no/such/folder', '/no/such/folder'],
    ['bench --levels 0', '1 to 1000'],
    ['bench --levels 1,x', "'1,x'"],
    ['bench --levels 1,,5', '1 to 1000'],
    ['bench --levels 150', 'level 150 is above the number of flags'],
    ['bench --runs 0', '1 to 100'],
    ['bench --delay 0', '--delay'],
    ['bench --server nowhere', 'nowhere'],
    ['bench --server remote --delay 1', 'cannot be used'],
    ['bench --timeline -', `${isInvalid('-')}Writing to stdout is not supported.`],
    ['bench --timeline levels.svg', 'Give a file name that ends in .html.\n'],
    ['completion csh', "error: value 'csh' is invalid for argument 'shell'. Allowed"],
    ['completion csh', 'bash, zsh, fish'],
    ['demo', "missing required argument 'name'"],
    ['demo nothing', "value 'nothing' is invalid"],
    ['demo spinner --seconds 61', '0 to 60'],
    ['demo spinner --seconds -1', '0 to 60'],
  ])('in %j is reported before any request, without a stack or a file: %j', async (line, said) => {
    const { url, connections } = await flagServer()
    const cwd = await tempFolder()
    const args = typeof line === 'string' ? line.split(' ') : line
    const { stdout, stderr, exitCode } = await runMain(args, { cwd, env: { FLAGS_SERVER: url } })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(connections()).toBe(0)
    expect(await namesIn(cwd)).toEqual([])
  })

  test.each(['http://h/', 'me:secret@h/', 'http://h/\u001b[31m'])(
    'repeats no more than the start of a long URL, %j, without controls',
    async (start) => {
      const args = ['download', 'BR', '-s', start + 'x'.repeat(100_000)]
      const { stderr, exitCode } = await runMain(args)
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(
        /^error: .* is invalid\. Longer than 8000 characters; give a URL or one of local.*\n\(/,
      )
      expect(stderr.length).toBeLessThan(400)
      expect(stderr).not.toMatch(/secret|\u001b/)
    },
  )

  test('is the result of an empty list of codes, and of a terminal as stdin', async () => {
    const empty = await runMain(['download', '-'], { stdin: '# none\n' })
    expect(empty).toEqual({ stdout: '', stderr: 'error: no codes in stdin\n', exitCode: 2 })
    const typed = await runMain(['download', '-'], { terminal })
    expect(typed).toMatchObject({ exitCode: 2 })
    expect(typed.stderr).toMatch(/^error: stdin is a terminal: pipe codes into it/)
  })

  test.each([
    [['-s', 'ftp://me:secret@h/'], {}],
    [[], { FLAGS_SERVER: 'ftp://me:secret@h/' }],
    [['-s', 'me:secret@h'], {}],
    [['-s', '//me:secret@h'], {}],
    [['-s', "http://me:' is invalid/ secret\n@h"], {}],
    [[], { FLAGS_SERVER: 'http://me:sec/secret@h' }],
    [[], { FLAGS_SERVER: 'me:1secret@h' }],
  ])('does not repeat the password of a URL given by %j or %j', async (args, env) => {
    const { stderr, exitCode } = await runMain(['download', 'BR', ...args], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('***@h')
    expect(stderr).not.toContain('secret')
  })
})

describe('the environment', () => {
  test.each([
    [[], {}, 5],
    [[], { FLAGS_CONCURRENCY: '' }, 5],
    [[], { FLAGS_CONCURRENCY: '7' }, 7],
    [['-c7'], {}, 7],
    [['-c', '7'], {}, 7],
    [['--concurrency=7'], {}, 7],
    [['--concurrency', '3'], { FLAGS_CONCURRENCY: '7' }, 3],
    [['-c', '3'], { FLAGS_CONCURRENCY: 'many' }, 3],
  ])('with %j and %j gives a concurrency of %i', async (args, env, concurrency) => {
    // The environment is that of io.
    vi.stubEnv('FLAGS_CONCURRENCY', '9')
    onTestFinished(() => void vi.unstubAllEnvs())
    const cwd = await tempFolder()
    const { url } = await flagServer()
    const all = { ...env, FLAGS_SERVER: url, FLAGS_OUTPUT: 'here' }
    const { stdout } = await runMain(['download', 'BR', '--json', ...args], { cwd, env: all })
    expect(jsonLines(stdout)).toMatchObject([
      { path: join('here', 'br.gif') },
      { server: url, concurrency },
    ])
  })

  test('with an invalid value is a usage error that names the variable, except for --help', async () => {
    const env = { FLAGS_RETRIES: 'many' }
    const { stderr, exitCode } = await runMain(['download', '-n', 'BR'], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain("value 'many' from env 'FLAGS_RETRIES' is invalid")
    const help = await runMain(['download', '--help'], { env })
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toMatch(/env:\s+FLAGS_RETRIES/)
  })
})

describe('the exit status', () => {
  test.each([418, 404])('is 1 after the status %i, though the last flag is saved', async (AA) => {
    const { url } = await flagServer(answering({ AA }))
    const args = ['download', '-c', '1', '--json', '-s', url, '-o', await tempFolder()]
    const { stdout, exitCode } = await runMain([...args, 'AA', 'BB'])
    expect(exitCode).toBe(1)
    expect(jsonLines(stdout).map(({ code }) => code)).toEqual(['AA', 'BB', undefined])
  })

  test.each([
    ['list', 'SIGINT', 130],
    ['list', 'SIGTERM', 143],
    ['--version', 'SIGHUP', 129],
  ] as const)('of `flags %s` interrupted by %s is %i', async (arg, name, status) => {
    const signal = AbortSignal.abort(new Interrupt(name))
    expect(await runMain([arg], { signal })).toMatchObject({ exitCode: status, stderr: '' })
  })
})

describe('an unexpected error', () => {
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const [stdout, stderr] = [testStream(), testStream()]
    const exitCode = await main(args, {
      get stdin(): never {
        throw new TypeError('a bug\u001b')
      },
      stdout: stdout.stream,
      stderr: stderr.stream,
      env,
      signal: new AbortController().signal,
    })
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
  }

  test('is one line that asks for a report, with the status 3', async () => {
    const message = 'TypeError: a bug\ufffd (--debug shows the stack)'
    const stderr = `error: unexpected error, please report it: ${message}\n`
    expect(await run(['download', '-'], {})).toEqual({ exitCode: 3, stdout: '', stderr })
    expect(await run(['download', '-'], { DEBUG: 'express' })).toMatchObject({ stderr })
  })

  test.each([
    [['--debug'], {}],
    [[], { DEBUG: 'flags' }],
    [[], { DEBUG: 'express,flags' }],
    [[], { DEBUG: '1' }],
  ])('shows its stack with %j and %j', async (args, env) => {
    const { stderr } = await run(['download', '-', ...args], env)
    expect(stderr).toMatch(/^error: unexpected error, please report it: TypeError: a bug.*\n +at /)
  })
})

test('several runs at a time in one process keep their streams, and leave no listener', async () => {
  const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)])
  const { url } = await flagServer()
  const run = async (code: string) => {
    const args = ['download', code, '-s', url, '-o', await tempFolder()]
    return runMain(args, { terminal })
  }
  await run('BR') // loads what is loaded once
  const before = listeners()
  const runs = await Promise.all([run('BR'), run('CN'), runMain(['list', '--region', 'Europe'])])
  expect(listeners()).toEqual(before)
  const [first, second, list] = runs
  expect([first?.exitCode, second?.exitCode, list?.exitCode]).toEqual([0, 0, 0])
  expect(list?.stdout).toContain('DE\tGermany\n')
  expect(list?.stderr).toBe('')
  expect(first?.stderr).toContain('1 flag saved')
})
