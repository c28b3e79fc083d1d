import { spawn } from 'node:child_process'
import { once } from 'node:events'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { has } from './needs.js'
import { flagsBin, type RunOptions } from './run-flags.js'
import type { TerminalSize } from './run-main.js'

/** util-linux's `script` makes the pseudo-terminal. */
export const hasTerminal = process.platform === 'linux' && has('script')

export interface TerminalOptions extends RunOptions, Partial<TerminalSize> {
  /** What follows the command line in the shell: `>file`, `| cat`. */
  readonly redirect?: string
}

const usual: TerminalSize = { columns: 80, rows: 24 }

/**
 * Starts the built program in a new terminal; its environment is `env` and the minimum that a shell needs.
 */
export function startInTerminal(
  args: readonly string[],
  { cwd, env, columns = usual.columns, rows = usual.rows, redirect = '' }: TerminalOptions = {},
) {
  const program = [process.execPath, flagsBin, ...args].map((word) => `'${word}'`).join(' ')
  const command = `stty cols ${columns} rows ${rows}; exec ${program} ${redirect}`
  const { PATH, HOME } = process.env
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))

  let sent = ''
  let onSent = () => {}
  child.stdout.setEncoding('utf8').on('data', (text) => {
    sent += text
    onSent()
  })
  /** Everything the terminal was sent, stdout and stderr as they came, and the exit status. */
  const ended = once(child, 'close').then(([exitCode]) => ({ sent, exitCode }))
  return {
    /** Types this; `\u0003` is Ctrl-C. */
    type: (keys: string) => void child.stdin.write(keys),
    /**
     * Resolves when the terminal has been sent this text, to everything it was sent by then; rejects if the
     * program ends without it.
     */
    shown: (text: string) =>
      new Promise<string>((resolve, reject) => {
        onSent = () => sent.includes(text) && resolve(sent)
        onSent()
        ended.then(() => reject(new Error(`ended without '${text}': ${sent}`)), reject)
      }),
    ended,
  }
}

/** What a terminal of this size shows after it was sent this text, then, at another size, a second one. */
export async function screenAfter(
  sent: string,
  { columns, rows }: TerminalSize = usual,
  resized?: { readonly size: TerminalSize; readonly sent: string },
) {
  const options = { cols: columns, rows, convertEol: true, allowProposedApi: true }
  const terminal = new xterm.Terminal(options)
  onTestFinished(() => terminal.dispose())
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve))
  await write(sent)
  if (resized) {
    terminal.resize(resized.size.columns, resized.size.rows)
    await write(resized.sent)
  }
  const { active } = terminal.buffer
  const length = active.baseY + active.cursorY + 1
  return {
    /** Down to the row of the cursor, without trailing spaces. */
    rows: Array.from({ length }, (_, row) =>
      (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
    ),
    /** The colors of a cell, as 0xRRGGBB or a number of the palette; -1 for the terminal's own. */
    colors(row: number, column: number) {
      const cell = active.getLine(row)?.getCell(column)
      return {
        front: cell?.isFgDefault() ? -1 : (cell?.getFgColor() ?? -1),
        behind: cell?.isBgDefault() ? -1 : (cell?.getBgColor() ?? -1),
      }
    },
  }
}
