import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { has } from './helpers/needs.js'
import { runMain } from './helpers/run-main.js'

test('importing the built library does nothing but import it', async () => {
  // By the package's own name, as its users do.
  const program = `
    const state = () => JSON.stringify({
      listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
      resources: process.getActiveResourcesInfo(),
      globals: Reflect.ownKeys(globalThis).map(String),
      exitCode: process.exitCode,
    })
    const before = state()
    const library = await import('flag-downloader')
    // The files that were imported are closed by then.
    await new Promise(setImmediate)
    const after = state()
    process.stdout.write(JSON.stringify({ before, after, names: Object.keys(library) }))
  `
  const args = ['--input-type=module', '--eval', program]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  const { before, after, names } = JSON.parse(stdout)
  expect(names).toContain('downloadFlags')
  expect(after).toBe(before)
  expect(stderr).toBe('')
})

test('package.json gives the program its two names', async () => {
  const { bin, name } = JSON.parse(await readFile('package.json', 'utf8'))
  // `npx flag-downloader` finds the program by the name of the package.
  expect(bin).toEqual({ flags: 'dist/bin.cjs', [name]: 'dist/bin.cjs' })
})

test.runIf(has('man'))('the man page has a section for each command, and no warnings', async () => {
  const args = [
    '--warnings=all',
    '--no-justification',
    '--encoding=ascii',
    '--local-file',
    'dist/flags.1',
  ]
  const env = { ...process.env, MANWIDTH: '80', GROFF_NO_SGR: '1', LC_ALL: 'C' }
  const { stdout, stderr } = await promisify(execFile)('man', args, { env })
  expect(stderr).toBe('')
  const sections = [...stdout.matchAll(/^FLAGS ([A-Z]+)$/gm)].map(([, command]) => command)
  const { stdout: help } = await runMain(['--help'])
  const commands = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)]
  expect(sections).toEqual(
    commands.flatMap(([, name = '']) => (name === 'help' ? [] : name.toUpperCase())),
  )
  expect(stdout).toMatch(/-c, --concurrency <n or auto>\n +maximum parallel requests/)
})
