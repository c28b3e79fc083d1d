import { spawn } from 'node:child_process'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { has } from './needs.js'
import { flagsBin, type RunOptions } from './run-flags.js'

/** util-linux's `script` makes the pseudo-terminal. */
export const hasTerminal = process.platform === 'linux' && has('script')

export interface Size {
  readonly cols: number
  readonly rows: number
}

export interface TerminalOptions extends RunOptions, Partial<Size> {
  /** What follows the command line in the shell: `>file`, `| cat`. */
  readonly redirect?: string
}

const usual: Size = { cols: 80, rows: 24 }

export interface InTerminal {
  /** Types this; `\u0003` is Ctrl-C. */
  type(keys: string): void
  /**
   * Resolves when the terminal has been sent this text, to everything it was sent by then; rejects if the
   * program ends without it.
   */
  shown(text: string): Promise<string>
  readonly ended: Promise<TerminalEnded>
}

export interface TerminalEnded {
  /** Everything the terminal was sent, stdout and stderr as they came. */
  readonly sent: string
  readonly exitCode: number | null
}

/**
 * Starts the built program in a new terminal; its environment is `env` and the minimum that a shell needs.
 */
export function startInTerminal(
  args: readonly string[],
  { cwd, env, cols, rows, redirect = '' }: TerminalOptions = {},
): InTerminal {
  const size = { cols: cols ?? usual.cols, rows: rows ?? usual.rows }
  const program = [process.execPath, flagsBin, ...args].map((word) => `'${word}'`).join(' ')
  const command = `stty cols ${size.cols} rows ${size.rows}; exec ${program} ${redirect}`
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
  const ended = new Promise<TerminalEnded>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ sent, exitCode }))
  })
  return {
    type: (keys) => void child.stdin.write(keys),
    shown: (text) =>
      new Promise((resolve, reject) => {
        onSent = () => sent.includes(text) && resolve(sent)
        onSent()
        ended.then(() => reject(new Error(`ended without '${text}': ${sent}`)), reject)
      }),
    ended,
  }
}

/** What a terminal shows. */
export interface Screen {
  /** Down to the row of the cursor, without trailing spaces. */
  readonly rows: string[]
  /** The colors of a cell, as 0xRRGGBB or a number of the palette; -1 for the terminal's own. */
  colors(row: number, column: number): { front: number; behind: number }
}

/** What a terminal of this size shows after it was sent this text, then, at another size, a second one. */
export async function screenAfter(
  sent: string,
  size: Size = usual,
  resized?: { readonly size: Size; readonly sent: string },
): Promise<Screen> {
  const terminal = new xterm.Terminal({ ...size, convertEol: true, allowProposedApi: true })
  onTestFinished(() => terminal.dispose())
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve))
  await write(sent)
  if (resized) {
    terminal.resize(resized.size.cols, resized.size.rows)
    await write(resized.sent)
  }
  const { active } = terminal.buffer
  const length = active.baseY + active.cursorY + 1
  return {
    rows: Array.from({ length }, (_, row) =>
      (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
    ),
    colors(row, column) {
      const cell = active.getLine(row)?.getCell(column)
      return {
        front: cell?.isFgDefault() ? -1 : (cell?.getFgColor() ?? -1),
        behind: cell?.isBgDefault() ? -1 : (cell?.getBgColor() ?? -1),
      }
    },
  }
}
