import { openSync } from 'node:fs'
import { devNull } from 'node:os'
import { PassThrough, Readable } from 'node:stream'
import { WriteStream } from 'node:tty'
import { main } from '../../src/program.js'

/** What a command line printed, and the exit status. */
export interface MainResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface MainOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
  readonly signal?: AbortSignal
  /** The folder that relative paths start from; the test's own by default. */
  readonly cwd?: string
  /** Called with each piece of stdout. */
  readonly onStdout?: (text: string) => void
  /** Makes stdout and stderr terminals of this size, and stdin one where it is not given. */
  readonly terminal?: TerminalSize
}

/** Where the tests start: a test that hangs may leave its process in a folder that is gone. */
const checkout = process.cwd()

/** Runs a command line in the test's own process; all its streams are pipes, or all are terminals. */
export async function runMain(
  args: readonly string[],
  options: MainOptions = {},
): Promise<MainResult> {
  const {
    env = {},
    stdin,
    signal = new AbortController().signal,
    cwd,
    terminal,
    onStdout,
  } = options
  const stdout = testStream(terminal)
  const stderr = testStream(terminal)
  if (onStdout) stdout.stream.on('data', onStdout)
  const input = Object.assign(Readable.from([stdin ?? '']), {
    isTTY: terminal !== undefined && stdin === undefined,
  })
  if (cwd !== undefined) process.chdir(cwd)
  try {
    const exitCode = await main(args, {
      stdin: input as Readable as NodeJS.ReadStream,
      stdout: stdout.stream,
      stderr: stderr.stream,
      env,
      signal,
    })
    return { stdout: stdout.text(), stderr: stderr.text(), exitCode }
  } finally {
    if (cwd !== undefined) process.chdir(checkout)
  }
}

const { getColorDepth } = WriteStream.prototype

/** Not a pipe, as a terminal is not one. */
const terminalFd = openSync(devNull, 'r')

/** A stream that keeps what is written to it: a pipe, or a terminal where it has a size. */
export function testStream(terminal?: TerminalSize) {
  const isTerminal = { ...terminal, isTTY: true, fd: terminalFd, getColorDepth }
  const stream = Object.assign(new PassThrough(), terminal && isTerminal)
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return { stream, text: () => text }
}
