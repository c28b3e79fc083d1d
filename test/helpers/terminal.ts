import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { flagsBin, type RunOptions } from './run-flags.js'

export interface InTerminal {
  /** Types this; `\u0003` is Ctrl-C. */
  type(keys: string): void
  /** Resolves when the terminal has been sent this text; rejects if the program ends without it. */
  shown(text: string): Promise<void>
  readonly ended: Promise<TerminalEnded>
}

export interface TerminalEnded {
  /** All that the terminal was sent, stdout and stderr as they came. */
  readonly sent: string
  readonly exitCode: number | null
}

/** Starts the built program in a terminal of its own (a pseudo-terminal made by `script`). */
export function startInTerminal(words: readonly string[], options: RunOptions = {}): InTerminal {
  const command = [process.execPath, flagsBin, ...words].map((word) => `'${word}'`).join(' ')
  const env = { ...process.env, CI: '', ...options.env }
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd: options.cwd, env })
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
        onSent = () => sent.includes(text) && resolve()
        onSent()
        ended.then(() => reject(new Error(`ended without '${text}': ${sent}`)), reject)
      }),
    ended,
  }
}

/** The lines that a terminal shows after it was sent this text: what was erased is not among them. */
export function screenAfter(sent: string): string[] {
  const lines = ['']
  let column = 0
  for (const [token] of sent.matchAll(/\u001b\[[\d;?]*[A-Za-z]|[\s\S]/g)) {
    const line = lines.at(-1) ?? ''
    if (token === '\r') column = 0
    else if (token === '\n') lines.push(' '.repeat(column))
    else if (token === '\u001b[K') lines[lines.length - 1] = line.slice(0, column)
    else if (token.startsWith('\u001b')) throw new Error(`unknown to this terminal: ${token}`)
    else {
      lines[lines.length - 1] = line.slice(0, column) + token + line.slice(column + 1)
      column += 1
    }
  }
  return lines.map((line) => line.trimEnd())
}
