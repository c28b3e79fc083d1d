import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Interrupt } from '../src/errors.js'
import { packageVersion } from '../src/package-info.js'
import { main } from '../src/program.js'
import { answerGif, codeOf, flagServer, send } from './helpers/flag-server.js'
import { jsonLines } from './helpers/run-flags.js'
import { runMain, testStream } from './helpers/run-main.js'
import { tempFolder } from './helpers/temp-folder.js'

const commands = 'download verify list servers show gallery serve bench demo completion'.split(' ')
const terminal = { columns: 100, rows: 20 }

/** A server that has BR and CN, fails IN, and knows no other. */
const mixedServer = () =>
  flagServer((request, response) => {
    const code = codeOf(request)
    if (code === 'BR' || code === 'CN') answerGif(request, response)
    else send(response, 'no', code === 'IN' ? 418 : 404)
  })

describe('help and version', () => {
  test.each([[], ['--help'], ['-h'], ['help']])(
    'flags %s prints every command',
    async (...args) => {
      const { stdout, stderr, exitCode } = await runMain(args)
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      expect(stdout).toMatch(/^Usage: flags \[options\] \[command\]\n/)
      const listed = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)
      expect(listed).toEqual([...commands, 'help'])
    },
  )

  test.each(commands)('flags %s --help, -h and flags help %s print the same help', async (name) => {
    const { stdout, stderr, exitCode } = await runMain([name, '--help'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(new RegExp(`^Usage: flags ${name} `))
    expect(await runMain([name, '-h'])).toMatchObject({ stdout })
    expect(await runMain(['help', name])).toMatchObject({ stdout, exitCode: 0 })
  })

  test.each(['--version', '-V'])('flags %s prints the version', async (option) => {
    const stdout = `${packageVersion()}\n`
    expect(await runMain([option])).toEqual({ stdout, stderr: '', exitCode: 0 })
  })

  test('help is as wide as the terminal', async () => {
    const { stdout } = await runMain(['list', '--help'], { terminal: { columns: 70, rows: 9 } })
    expect(stdout).toMatch(/^Usage: flags list/)
    const lengths = stdout.split('\n').map((line) => line.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(70)
    expect(Math.max(...lengths)).toBeGreaterThan(60)
  })
})

describe('a usage error', () => {
  test.each([
    ['dowload', 'Did you mean download?'],
    ['download --concurency 3', 'Did you mean --concurrency?'],
    [
      'download -s locl',
      "argument 'locl' is invalid. Not a valid http or https URL; give a URL or one of local,",
    ],
    ['download Brasil', 'did you mean BR (Brazil)?'],
    ['BR', "did you mean 'flags download BR'?"],
    ['Brazil', "did you mean 'flags download Brazil'?"],
    ['b', "did you mean 'flags download b'?"],
    ['download --conc 5', "unknown option '--conc'"],
    ['down', "unknown command 'down'"],
    ['help foo', "unknown command 'foo'"],
    ['help dowload', 'Did you mean download?'],
    ['help version', "did you mean 'flags --version'?"],
    ['list --reg Asia', "unknown option '--reg'"],
    ['download --timeout soon', "'soon' is invalid. Give a number"],
    ['download -v -q BR', 'cannot be used with'],
    ['list --color red', 'auto, always, never'],
  ])('in `flags %s` is one line without a stack, and says %j', async (line, said) => {
    const { stdout, stderr, exitCode } = await runMain(line.split(' '))
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/^ +at /m)
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
  const concurrency = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const { url } = await flagServer()
    const output = await tempFolder()
    const all = ['download', 'BR', '--json', '-s', url, '-o', output, ...args]
    return jsonLines((await runMain(all, { env })).stdout).at(-1).concurrency
  }

  test("is that of io, not the process's", async () => {
    process.env.FLAGS_CONCURRENCY = '9'
    onTestFinished(() => void delete process.env.FLAGS_CONCURRENCY)
    expect(await concurrency([], { FLAGS_CONCURRENCY: '7' })).toBe(7)
    expect(await concurrency([], {})).toBe(5)
  })

  test.each([
    [[], { FLAGS_CONCURRENCY: '' }, 5],
    [['-c', '3'], { FLAGS_CONCURRENCY: '7' }, 3],
    [['-c', '3'], { FLAGS_CONCURRENCY: 'many' }, 3],
  ])('with %j and %j gives a concurrency of %i', async (args, env, expected) => {
    expect(await concurrency(args, env)).toBe(expected)
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
  test.each([
    ['BR', 0],
    ['b', 0],
    ['IN', 1],
    ['XX', 1],
    ['B!', 2],
  ])('of a run that requests %s is %i', async (code, status) => {
    const { url } = await mixedServer()
    const args = ['download', '-s', url, '-o', await tempFolder(), code]
    expect((await runMain(args)).exitCode).toBe(status)
  })

  test('of a run that cannot write its output is 3', async () => {
    const output = join(await tempFolder(), 'file')
    await writeFile(output, '')
    const { stderr, exitCode } = await runMain(['download', 'BR', '-o', output])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^error: cannot write to the folder .*\n$/)
  })

  test.each([[['BR', 'IN', 'XX']], [['IN', 'XX', 'BR']], [['XX', 'BR', 'IN']]])(
    'is 1 if the flags are answered in the order %j',
    async (order) => {
      const held = new Map<string, () => void>()
      const answerNext = () => {
        const code = order[answered]
        if (code !== undefined) held.get(code)?.()
      }
      let answered = 0
      const { url } = await flagServer((request, response) => {
        const code = codeOf(request)
        response.once('close', () => {
          answered += 1
          answerNext()
        })
        held.set(code, () =>
          code === 'BR'
            ? answerGif(request, response)
            : send(response, 'no', code === 'IN' ? 418 : 404),
        )
        if (held.size === order.length) answerNext()
      })
      const args = ['download', '-c', '3', '--json', '-s', url, '-o', await tempFolder(), ...order]
      const { stdout, exitCode } = await runMain(args)
      expect(exitCode).toBe(1)
      expect(jsonLines(stdout)).toHaveLength(4)
    },
  )

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

test('flags serve ends with 0 when it is interrupted', async () => {
  const interrupt = new AbortController()
  const stdout = testStream()
  stdout.stream.once('data', () => interrupt.abort(new Interrupt('SIGINT')))
  const args = ['serve', '--port', '0']
  const streams = { stdin: Readable.from([]) as NodeJS.ReadStream, stdout: stdout.stream }
  const io = { ...streams, stderr: testStream().stream, env: {}, signal: interrupt.signal }
  expect(await main(args, io)).toBe(0)
})
