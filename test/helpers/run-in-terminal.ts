import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { flagsBin } from './run-flags.js'

/** util-linux's `script` makes the pseudo-terminal. */
export const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script')

export interface TerminalRun {
  /** What is to be seen in the end, a string a row. */
  readonly rows: string[]
  /** The colours of a cell, as 0xRRGGBB or a number of the palette; -1 for the terminal's own. */
  colours(row: number, column: number): { front: number; behind: number }
  /** The bytes that came, as text. */
  readonly output: string
}

/** Runs the built program in a terminal of this size, and gives what one of at least 2 × 1 shows. */
export async function runInTerminal(
  words: readonly string[],
  { cols, rows, cwd, env }: { cols: number; rows: number; cwd: string; env: NodeJS.ProcessEnv },
): Promise<TerminalRun> {
  const command = `stty cols ${cols} rows ${rows}; exec "$NODE" "$BIN" ${words.join(' ')}`
  // Only what the test says about colours, not what this process happens to run in.
  const { PATH, HOME } = process.env
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, ...env, NODE: process.execPath, BIN: flagsBin, SHELL: '/bin/sh' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  await new Promise((resolve) => child.once('close', resolve))

  const size = { cols: Math.max(2, cols), rows: Math.max(1, rows) }
  const terminal = new xterm.Terminal({ ...size, allowProposedApi: true })
  onTestFinished(() => terminal.dispose())
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const { active } = terminal.buffer
  return {
    output,
    rows: Array.from({ length: active.length }, (_, row) =>
      (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
    ),
    colours(row, column) {
      const cell = active.getLine(row)?.getCell(column)
      return {
        front: cell?.isFgDefault() ? -1 : (cell?.getFgColor() ?? -1),
        behind: cell?.isBgDefault() ? -1 : (cell?.getBgColor() ?? -1),
      }
    },
  }
}
