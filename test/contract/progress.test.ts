import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { codeOf, flagServer, send } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { tempFolder } from '../helpers/temp-folder.js'
import { hasTerminal, screenAfter, startInTerminal } from '../helpers/terminal.js'

/** A server that answers BR with a teapot, CN with a flag, and the others when it is told to. */
async function heldServer() {
  const held: (() => void)[] = []
  const answer = (code: string, response: ServerResponse) => {
    if (code === 'BR') send(response, 'teapot', 418)
    else if (code === 'CN') send(response, gif())
    else held.push(() => send(response, gif()))
  }
  const server = await flagServer((request, response) => answer(codeOf(request), response))
  return { ...server, release: () => held.splice(0).map((send) => send()) }
}

/** What the bar says when two of four have ended, drawn to its end: the rest of the line is cleared. */
const halfWay = '1 saved, 1 failed\u001b[0K'

describe.runIf(hasTerminal)('flags download, in a terminal', () => {
  const start = async (size: { cols: number; rows: number }, env: NodeJS.ProcessEnv = {}) => {
    const server = await heldServer()
    const words = ['download', 'BR', 'CN', 'IN', 'US', '-s', server.url]
    return { server, terminal: startInTerminal(words, { ...size, env, cwd: await tempFolder() }) }
  }

  test('shows a bar with count, percentage and tally, failures above it, and then the summary', async () => {
    const size = { cols: 100, rows: 20 }
    const { server, terminal } = await start(size)
    const soFar = await terminal.shown(halfWay)
    const { rows } = await screenAfter(soFar, size)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBe(`BR failed: ${server.url}/br/br.gif: 418 I'm a teapot`)
    expect(rows[1]).toMatch(/^█+░+ 2\/4 {2}50% .*1 saved, 1 failed$/)
    server.release()
    const { sent, exitCode } = await terminal.ended
    expect(exitCode).toBe(1)
    const end = await screenAfter(sent, size)
    expect(end.rows).toHaveLength(3)
    expect(end.rows[1]).toMatch(/^3 flags saved, 1 failed in \d+\.\d\ds to downloaded$/)
    // The cursor, hidden while the bar is drawn, is there again.
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(sent.lastIndexOf('\u001b[?25l'))
  })

  test('keeps the bar on one line of a narrow terminal', async () => {
    const size = { cols: 40, rows: 20 }
    const { server, terminal } = await start(size)
    const { rows } = await screenAfter(await terminal.shown(halfWay), size)
    expect(rows.at(-1)).toMatch(/^2\/4 .*1 saved, 1 failed$/)
    expect(rows.slice(0, -1).join('')).toBe(`BR failed: ${server.url}/br/br.gif: 418 I'm a teapot`)
    server.release()
    await terminal.ended
  })

  test('Ctrl-C ends it with 130, the bar gone and the cursor there', async () => {
    const size = { cols: 100, rows: 20 }
    const { terminal } = await start(size)
    await terminal.shown(halfWay)
    terminal.type('\u0003')
    const { sent, exitCode } = await terminal.ended
    expect(exitCode).toBe(130)
    const { rows } = await screenAfter(sent, size)
    expect(rows.join('\n')).toMatch(/stopped after 2 of 4 flags: 1 flag saved, 1 failed in .*\n$/)
    expect(rows.join('')).not.toContain('█')
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(sent.lastIndexOf('\u001b[?25l'))
  })

  test.each([{ TERM: 'dumb' }, { CI: 'true' }])(
    'draws nothing where %j says that nobody watches',
    async (env) => {
      const { server, terminal } = await start({ cols: 200, rows: 20 }, env)
      await terminal.shown('BR')
      server.release()
      const { sent } = await terminal.ended
      expect(sent.replaceAll('\u001b[31m', '').replaceAll('\u001b[39m', '')).not.toContain('\u001b')
      expect(sent).not.toContain('█')
    },
  )

  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, true],
  ])('%j makes colour %s', async (env, isColoured) => {
    const { server, terminal } = await start({ cols: 200, rows: 20 }, env)
    await terminal.shown('BR')
    server.release()
    const { sent } = await terminal.ended
    expect(sent.includes('\u001b[31mfailed')).toBe(isColoured)
  })

  test('is drawn at most ten times a second', async () => {
    const size = { cols: 100, rows: 20 }
    const cwd = await tempFolder()
    const begin = performance.now()
    const { ended } = startInTerminal(['download', '--every', '-c', '20'], { ...size, cwd })
    const { sent } = await ended
    const seconds = (performance.now() - begin) / 1000
    // One drawing more at the start, and one at the end.
    expect(sent.split('/676').length - 1).toBeLessThanOrEqual(seconds * 10 + 2)
  })
})
