import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { flagServer } from '../helpers/flag-server.js'
import { runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

// The book's lesson: a call that blocks stops every task of the event loop.
test('downloading, checking and saving 249 flags makes no synchronous call', async () => {
  const { url } = await flagServer()
  const env = { NODE_OPTIONS: `--require=${resolve('test/helpers/report-blocking.cjs')}` }
  const args = ['download', '--all', '--json', '-c', '50', '-s', url]
  const { stderr, exitCode } = await runFlags(args, { cwd: await tempFolder(), env })
  expect(exitCode).toBe(0)
  expect(stderr).toContain('synchronous calls: none\n')
})
