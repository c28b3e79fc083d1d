import { expect, test } from 'vitest'
import { continents } from '../../src/countries.js'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import { defaults } from '../../src/download/settings.js'
import { packageVersion } from '../../src/package-info.js'
import { runMain } from '../helpers/run-main.js'

const commands = 'download verify list servers show gallery serve bench demo completion'.split(' ')
const { stdout: help } = await runMain(['download', '--help'])

test.each([[], ['--help'], ['-h'], ['help']])('flags %s prints every command', async (...args) => {
  const { stdout, stderr, exitCode } = await runMain(args)
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toMatch(/^Usage: flags \[options\] \[command\]\n/)
  const listed = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)
  expect(listed).toEqual([...commands, 'help'])
})

test.each(['--version', '-V'])('flags %s prints the version', async (option) => {
  const stdout = `${packageVersion()}\n`
  expect(await runMain([option])).toEqual({ stdout, stderr: '', exitCode: 0 })
})

test.each(commands)(
  'the help of %s, by any option, has examples, long option names and exit statuses',
  async (name) => {
    const printed = await runMain([name, '--help'])
    expect(printed).toMatchObject({ stderr: '', exitCode: 0 })
    expect(await runMain([name, '-h'])).toEqual(printed)
    expect(await runMain(['help', name])).toEqual(printed)
    const names = [...printed.stdout.matchAll(/^ {2}(-.*?) {2,}/gm)].map(([, option]) => option)
    expect(names).toContain('-h, --help')
    for (const option of names) expect(option).toMatch(/^(-\w, )?--[\w-]+/)
    const narrow = await runMain([name, '--help'], { terminal: { columns: 40, rows: 10 } })
    for (const { stdout } of [printed, narrow]) {
      expect(stdout).toMatch(new RegExp(`^Usage: flags ${name} `))
      const examples = stdout.slice(stdout.indexOf('\nExamples:\n'), stdout.indexOf('\nOptions:'))
      if (name !== 'completion') expect(examples).toContain(`\n  flags ${name}`)
      expect(stdout).toMatch(/\nExit status:\n {2}0 /)
    }
  },
)

test.each([40, 70, 80])('help is as wide as a terminal of %i columns', async (columns) => {
  const { stdout } = await runMain(['list', '--help'], { terminal: { columns, rows: 9 } })
  const lines = stdout.split('\n').filter((line) => !/^ {2,}flags /.test(line))
  const widest = Math.max(...lines.map((line) => line.length))
  expect(widest).toBeLessThanOrEqual(columns)
  expect(widest).toBeGreaterThan(columns - 10)
})

test('the help of download has examples, then options, the environment and the exit statuses', () => {
  const titles = ['Examples:', 'Arguments:', '  -s, --server', 'Environment:', 'Exit status:']
  const places = titles.map((title) => help.indexOf(`\n${title}`))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  const explained = help.slice(places.at(-1)).matchAll(/^ {2}(\d[\d, ]*?) {2,}\w/gm)
  expect([...explained].map(([, codes]) => codes)).toEqual(['0', '1', '2', '3', '129, 130, 143'])
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  const usual = ['-n, --dry-run', '-o, --output', '-q, --quiet', '-f, --force', '-v, --verbose']
  for (const names of usual) expect(help).toContain(names)
})

test('the help of download names every continent', () => {
  const words = help.replace(/\s+/g, ' ')
  expect(continents).toHaveLength(7)
  for (const continent of continents) expect(words).toContain(continent)
})

test('the help of download gives the defaults of the core', () => {
  const given = [...help.replace(/\n {4,}/g, ' ').matchAll(/--([\w-]+) .*?default: "?([^",)]*)/g)]
  expect(Object.fromEntries(given.map(([, name, value]) => [name, value]))).toEqual({
    server: defaults.server,
    output: defaults.output,
    'name-by': defaults.nameBy,
    concurrency: `${defaults.concurrency}`,
    'max-concurrency': `${defaults.maxConcurrency}`,
    timeout: `${defaults.timeoutMs / 1000}`,
    retries: `${defaults.retries}`,
    rate: 'no limit',
    color: 'auto',
    width: `${resolveSettings({}).width}`,
    format: 'the first format of the server',
  })
})

test.each([
  ['verify', 'FLAGS_OUTPUT folder of flags if the command line names none'],
  ['gallery', 'FLAGS_OUTPUT folder of flags if the command line names none'],
  ['list', '2 usage error: unknown option, invalid value, nothing matches'],
])('the help of %s says %j', async (name, text) => {
  const { stdout } = await runMain([name, '--help'])
  expect(stdout.replace(/\s+/g, ' ')).toContain(` ${text} `)
})
