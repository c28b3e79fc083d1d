import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { flagServer } from '../helpers/flag-server.js'
import { runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

/** What the text teaches: a call that blocks stops every task of the event loop, so none may. */
const mostMs = 50

/** A machine that is busy holds a process up, too, but not each time; what blocks does so each time. */
const runs = 5

test('saving 676 flags never holds up the event loop', async () => {
  const { url } = await flagServer()
  const env = { NODE_OPTIONS: `--require=${resolve('test/helpers/report-blocking.cjs')}` }
  const heldUpMs: number[] = []
  for (let run = 0; run < runs; run++) {
    const words = ['download', '--every', '--json', '-c', '50', '-s', url]
    const { stderr, exitCode } = await runFlags(words, { cwd: await tempFolder(), env })
    expect(exitCode).toBe(0)
    heldUpMs.push(Number(/held up for (.*) ms/.exec(stderr)?.[1]))
  }
  expect(Math.min(...heldUpMs), heldUpMs.join(', ')).toBeLessThan(mostMs)
  expect(Math.min(...heldUpMs), 'measured at all').toBeGreaterThan(0)
})
