import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { numberIn } from '../../src/commands/options.js'
import { rangeOfSeconds } from '../../src/commands/serve/command.js'
import { flagServer } from '../helpers/flag-server.js'
import { runMain } from '../helpers/run-main.js'
import { tempFolder } from '../helpers/temp-folder.js'

const planned = async (...args: string[]) => {
  const { stdout, exitCode } = await runMain(['download', '-s', 'http://h', ...args])
  expect(exitCode).toBe(0)
  return [...stdout.matchAll(/\/(\w\w)\.gif\t/g)].map(([, code]) => code)
}

describe('the command line', () => {
  test('accepts options before and after the arguments, until --', async () => {
    expect(await planned('-n', 'BR')).toEqual(['br'])
    expect(await planned('BR', '-n')).toEqual(['br'])
    expect(await planned('-n', '--', 'BR')).toEqual(['br'])
  })

  test('accepts codes from stdin and from a file, and names the line of an invalid one', async () => {
    const file = join(await tempFolder(), 'codes.txt')
    await writeFile(file, 'BR, cn # Asia\n')
    expect(await planned('-n', '--from', file)).toEqual(['br', 'cn'])
    const more = join(await tempFolder(), 'more.txt')
    await writeFile(more, 'JP')
    expect(await planned('-n', '--from', file, '--from', more)).toEqual(['br', 'cn', 'jp'])
    const args = ['download', '-n', '-s', 'http://h', '-']
    const piped = await runMain(args, { stdin: 'BR,cn\n' })
    expect(piped.stdout.split('\n')).toHaveLength(3)
    const bad = await runMain(args, { stdin: 'BR\n\nB!\n' })
    expect(bad).toMatchObject({ exitCode: 2, stdout: '' })
    expect(bad.stderr).toMatch(/^error: stdin, line 3: .*'B!'/)
  })

  test('adds up regions and exclusions, and notes one that leaves out no flag', async () => {
    const exclude = ['--exclude=BR', '--exclude=TF']
    const args = ['-n', '--region=Antarctica', '--region=South America', ...exclude]
    const codes = await planned(...args)
    expect(codes).toEqual(expect.arrayContaining(['aq', 'ar']))
    expect(codes).not.toContain('br')
    expect(codes).not.toContain('tf')
    const note = 'note: --exclude Europe leaves out no flag: EU (Europe) is not selected\n'
    const ended = (...quiet: string[]) =>
      runMain(['download', '-n', 'BR', '--exclude', 'Europe', ...quiet])
    expect(await ended()).toMatchObject({ stderr: note, exitCode: 0 })
    expect(await ended('-q')).toMatchObject({ stderr: '', exitCode: 0 })
  })

  test('ends a request that is never answered after --timeout', async () => {
    const { url } = await flagServer(() => {})
    const args = ['BR', '-s', url, '-o', await tempFolder(), '--timeout', '0.05', '--retries', '0']
    const { stderr, exitCode } = await runMain(['download', ...args])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('no complete response within 50 ms')
  })
})

const whole = { min: 1, max: 1000, isInteger: true }

test.each([
  ['1', 1],
  ['1000', 1000],
  ['007', 7],
  ['0', undefined],
  ['1001', undefined],
  ['1.5', undefined],
  ['', undefined],
  [' ', undefined],
  ['0x10', undefined],
  ['1e2', undefined],
  ['-5', undefined],
])('numberIn reads %j as %s', (text, value) => {
  if (value !== undefined) expect(numberIn(whole)(text)).toBe(value)
  else expect(() => numberIn(whole)(text)).toThrow('Give a whole number from 1 to 1000.')
})

test('numberIn scales the value and describes the range in the unit of the option', () => {
  const seconds = numberIn({ min: 1, max: 5000, isInteger: false }, 1000)
  expect(seconds('.25')).toBe(250)
  expect(() => seconds('6')).toThrow('Give a number from 0.001 to 5.')
})

test.each([
  ['2', [2000, 2000]],
  ['0.5-5', [500, 5000]],
  ['.5-.5', [500, 500]],
  ['3600', [3_600_000, 3_600_000]],
  ['3601', undefined],
  ['3-1', undefined],
  ['-1', undefined],
  ['1-', undefined],
  ['', undefined],
])('rangeOfSeconds reads %j as %j milliseconds', (text, range) => {
  if (range) expect(rangeOfSeconds(text)).toEqual(range)
  else expect(() => rangeOfSeconds(text)).toThrow('Give seconds (2) or a range')
})

test.each(['download', 'show BR', 'verify', 'gallery'])(
  'flags %s refuses a FLAGS_OUTPUT that is not UTF-8, and names it',
  async (line) => {
    const env = { FLAGS_OUTPUT: 'x\ufffd' }
    const { stdout, stderr, exitCode } = await runMain(line.split(' '), { env })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(
      /^error: .* value 'x\ufffd' from env 'FLAGS_OUTPUT' is invalid. It must be valid UTF-8.\n/,
    )
  },
)

test('a folder on the command line takes precedence over an invalid FLAGS_OUTPUT', async () => {
  const folder = await tempFolder()
  const { stderr, exitCode } = await runMain(['verify', folder], {
    env: { FLAGS_OUTPUT: '\ufffd' },
  })
  expect(exitCode).toBe(3)
  expect(stderr).toContain(`no flags.json in ${folder}`)
})
