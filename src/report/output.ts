import { fstatSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { isErrno, RunError, systemErrorText } from '../errors.js'

/** A stream that may be a terminal: process.stdout, process.stderr, or what stands for one. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** Its file descriptor; a stream without one counts as a pipe. */
  readonly fd?: number
  getColorDepth?(env?: object): number
}

/** One of the program's two output streams. */
export interface Output {
  readonly stream: OutputStream
  readonly isTerminal: boolean
  /**
   * A terminal that can redraw a line, with somebody watching: not the log of a CI job, which may call
   * itself a terminal and keeps every redraw.
   */
  readonly canRedraw: boolean
  /** Is it read by another program? */
  isPipe(): boolean
  /** The terminal's present width; 80 where there is none, or its size is unknown. */
  columns(): number
  /**
   * Resolves when more may be written, so that a slow reader slows the run and loses nothing. Rejects
   * with a RunError where earlier text is lost (a full disk).
   */
  write(text: string): Promise<void>
  /** Resolves when everything written has been taken; rejects as write does. */
  flush(): Promise<void>
}

/**
 * Wraps a stream. A reader that closes the pipe early (`flags … | head -1`) is no error: the rest is
 * discarded. Once `signal` aborts, writing no longer waits for a slow reader.
 *
 * @param ignoreWriteErrors for messages: that nobody can read them is no reason to end a run
 */
export function createOutput(
  stream: OutputStream,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  { ignoreWriteErrors = false } = {},
): Output {
  const isTerminal = stream.isTTY === true
  const isCi = Boolean(env.CI) && env.CI !== 'false'
  let lost: NodeJS.ErrnoException | undefined
  stream.on('error', (error) => {
    lost = error
  })
  const check = () => {
    if (!lost || isErrno(lost, 'EPIPE') || ignoreWriteErrors) return
    throw new RunError(`cannot write to stdout: ${systemErrorText(lost)}`, { cause: lost })
  }
  return {
    stream,
    isTerminal,
    canRedraw: isTerminal && env.TERM !== 'dumb' && !isCi,
    isPipe: () => isPipe(stream.fd),
    // A terminal of unknown size says 0.
    columns: () => stream.columns || 80,
    async write(text) {
      check()
      if (!lost && !stream.write(text)) await drained(stream, signal)
    },
    async flush() {
      if (!lost && stream.writableLength > 0) await drained(stream, signal)
      // The error of the last write arrives one turn of the event loop later.
      await new Promise((resolve) => setImmediate(resolve))
      check()
    },
  }
}

function isPipe(fd: number | undefined): boolean {
  if (fd === undefined) return true
  const stats = fstatSync(fd)
  return stats.isFIFO() || stats.isSocket()
}

/** Waits until a stream has taken its buffer or failed, or the signal aborts. */
function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of drainEvents) stream.off(event, done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return resolve()
    for (const event of drainEvents) stream.on(event, done)
    signal.addEventListener('abort', done)
    // A stream that was not full emits no 'drain'.
    stream.write('', done)
  })
}

const drainEvents = ['drain', 'error', 'close']
