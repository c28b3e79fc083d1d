import { expect, test } from 'vitest'
import { continents } from '../../src/countries.js'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import { defaults } from '../../src/download/settings.js'
import { runMain } from '../helpers/run-main.js'

const { stdout: help } = await runMain(['download', '--help'])

test('the help of download has examples, then options, the environment and the exit statuses', () => {
  const titles = ['Examples:', 'Arguments:', '  -s, --server', 'Environment:', 'Exit status:']
  const places = titles.map((title) => help.indexOf(`\n${title}`))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test('the help of download explains every exit status and wraps to 80 columns', () => {
  const explained = help.slice(help.indexOf('Exit status:')).matchAll(/^ {2}(\d[\d, ]*?) {2,}\w/gm)
  expect([...explained].map(([, codes]) => codes)).toEqual(['0', '1', '2', '3', '129, 130, 143'])
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('the help of download names every continent', () => {
  const words = help.replace(/\s+/g, ' ')
  expect(continents).toHaveLength(7)
  for (const continent of continents) expect(words).toContain(continent)
})

test('the help of download gives the defaults of the core', () => {
  const given = [...help.replace(/\n {4,}/g, ' ').matchAll(/--([\w-]+) .*?default: "?([^",)]*)/g)]
  const shown = Object.fromEntries(given.map(([, name, value]) => [name, value]))
  const { server, output, nameBy, concurrency, maxConcurrency, timeoutMs, retries } = defaults
  const numbers = {
    concurrency,
    'max-concurrency': maxConcurrency,
    timeout: timeoutMs / 1000,
    retries,
  }
  const texts = Object.entries(numbers).map(([name, value]) => [name, String(value)])
  const width = String(resolveSettings({}).width)
  const format = 'the first format of the server'
  const expected = {
    server,
    output,
    'name-by': nameBy,
    rate: 'no limit',
    color: 'auto',
    width,
    format,
  }
  expect(shown).toEqual({ ...expected, ...Object.fromEntries(texts) })
})

const commands = 'download verify list servers show gallery serve bench demo completion'.split(' ')

test.each(commands)(
  'the help of %s has examples and exit statuses, also in 40 columns',
  async (name) => {
    for (const columns of [80, 40]) {
      const { stdout } = await runMain([name, '--help'], { terminal: { columns, rows: 10 } })
      const examples = stdout.slice(stdout.indexOf('\nExamples:\n'), stdout.indexOf('\nOptions:'))
      if (name !== 'completion') expect(examples).toContain(`\n  flags ${name}`)
      expect(stdout).toMatch(/\nExit status:\n {2}0 /)
      const lines = stdout.split('\n').filter((line) => !/^ {2,}(flags|source) /.test(line))
      if (name === 'list')
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
    }
  },
)

test.each([
  ['verify', 'FLAGS_OUTPUT folder of flags if the command line names none'],
  ['gallery', 'FLAGS_OUTPUT folder of flags if the command line names none'],
  ['list', '2 usage error: unknown option, invalid value, nothing matches'],
])('the help of %s says %j', async (name, text) => {
  const { stdout } = await runMain([name, '--help'])
  expect(stdout.replace(/\s+/g, ' ')).toContain(` ${text} `)
})
