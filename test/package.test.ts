import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

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
