import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeOf, flagServer, send } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { jsonLines } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'
import {
  hasTerminal,
  screenAfter,
  startInTerminal,
  type TerminalOptions,
} from '../helpers/terminal.js'

/** A server that answers BR with a teapot, CN with a flag, and any other once it is released. */
async function heldServer() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const server = await flagServer((request, response) => {
    const code = codeOf(request)
    if (code === 'BR') send(response, 'teapot', 418)
    else if (code === 'CN') send(response, gif())
    else void released.then(() => send(response, gif()))
  })
  return { ...server, release }
}

/** The end of the bar's line when two of four have results: the rest of the line is cleared. */
const halfWay = '1 saved, 1 failed\u001b[0K'
const size = { columns: 100, rows: 20 }

describe.runIf(hasTerminal)('flags download in a terminal', () => {
  const start = async (options: TerminalOptions, ...args: string[]) => {
    const server = await heldServer()
    const all = ['download', 'BR', 'CN', 'IN', 'US', '-s', server.url, ...args]
    return { server, terminal: startInTerminal(all, { cwd: await tempFolder(), ...options }) }
  }

  /** Everything that a run sent to the terminal, for a run that is only looked at after its end. */
  const sentBy = async (options: TerminalOptions, ...args: string[]) => {
    const { server, terminal } = await start({ columns: 200, ...options }, ...args)
    server.release()
    return (await terminal.ended).sent
  }

  test('shows a bar with count, percentage and tally, failures above it, then the summary', async () => {
    const { server, terminal } = await start(size)
    const { rows } = await screenAfter(await terminal.shown(halfWay), size)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBe(`BR failed: ${server.url}/br/br.gif: 418 I'm a teapot`)
    expect(rows[1]).toMatch(/^█+░+ 2\/4 {3}50% .*1 saved, 1 failed$/)
    server.release()
    const { sent, exitCode } = await terminal.ended
    expect(exitCode).toBe(1)
    const end = await screenAfter(sent, size)
    expect(end.rows).toHaveLength(3)
    expect(end.rows[1]).toMatch(/^3 flags saved, 1 failed in \d+\.\d\ds to downloaded$/)
    // The cursor, hidden while the bar is drawn, is shown again.
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(sent.lastIndexOf('\u001b[?25l'))
  })

  test('erases the bar at Ctrl-C and says on the last line how to resume', async () => {
    const { terminal } = await start(size)
    await terminal.shown(halfWay)
    terminal.type('\u0003')
    const { sent, exitCode } = await terminal.ended
    // As script(1) reports a program that was ended by SIGINT.
    expect(exitCode).toBe(130)
    const { rows } = await screenAfter(sent, size)
    expect(rows.at(-2)).toBe('Interrupted: 1 of 4 saved, 1 failed. Run again to resume.')
    expect(rows.at(-1)).toBe('')
    expect(rows.join('')).not.toContain('█')
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(sent.lastIndexOf('\u001b[?25l'))
  })

  test('draws no bar beside a pipe', async () => {
    const sent = await Promise.all([
      sentBy({ redirect: '| cat' }, '--no-color'),
      sentBy({ redirect: '| cat' }, '--no-color', '--json'),
    ])
    for (const text of sent) {
      expect(text).toMatch(/3 flags saved, 1 failed in /)
      expect(text).not.toMatch(/[\u001b█░]/)
    }
  })

  test('draws a bar beside a file and /dev/null, and the file has every line whole', async () => {
    const cwd = await tempFolder()
    const [file, nothing] = await Promise.all([
      sentBy({ cwd, redirect: '>out.json' }, '--json'),
      sentBy({ redirect: '>/dev/null' }),
    ])
    for (const text of [file, nothing]) expect(text).toMatch(/[█░] \d\/4 /)
    const lines = jsonLines(await readFile(join(cwd, 'out.json'), 'utf8'))
    expect(lines.map(({ type }) => type)).toEqual([...Array(4).fill('flag'), 'summary'])
  })

  test('shows no warning of Node.js where NO_COLOR and FORCE_COLOR are both set', async () => {
    const sent = await sentBy({ env: { NO_COLOR: '1', FORCE_COLOR: '1' } })
    expect(sent).toContain('BR failed')
    expect(sent).not.toContain('Warning')
  })
})
