import { describe, expect, test } from 'vitest'
import { answerGif, flagServer, taggedServer } from '../helpers/flag-server.js'
import { jsonLines, runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('on the wire', () => {
  test.each([1, 5, 20])(
    'a run with concurrency %i opens as many connections',
    async (concurrency) => {
      // No request is answered before this many are open.
      const held: (() => void)[] = []
      let isOpen = false
      const { url, connections, peak } = await flagServer((request, response) => {
        held.push(() => answerGif(request, response))
        isOpen ||= held.length === concurrency
        if (isOpen) for (const answer of held.splice(0)) answer()
      })
      const args = ['download', '--all', '-s', url, '-c', String(concurrency), '--json']
      const { stdout, exitCode } = await runFlags(args, { cwd: await tempFolder() })
      expect(exitCode).toBe(0)
      expect(jsonLines(stdout).at(-1)).toMatchObject({ total: 249, saved: 249 })
      expect(connections()).toBe(concurrency)
      expect(peak()).toBe(concurrency)
    },
  )

  test('a second run gets no body', async () => {
    const { url, requests, bodies } = await taggedServer()
    const cwd = await tempFolder()
    await runFlags(['download', '--all', '-s', url], { cwd })
    expect(bodies()).toBe(249)
    const { stdout, exitCode } = await runFlags(['download', '--all', '-s', url, '--json'], { cwd })
    expect(exitCode).toBe(0)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ total: 249, unchanged: 249, bytes: 0 })
    expect(requests).toHaveLength(2 * 249)
    expect(bodies()).toBe(249)
  })
})
