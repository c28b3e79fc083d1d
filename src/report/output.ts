import type { Writable } from 'node:stream'
import { RunError, systemErrorText } from '../endings/run-error.js'

/** One of the program's two streams. */
export interface Output {
  readonly stream: NodeJS.WriteStream
  readonly isTerminal: boolean
  /**
   * A terminal that can draw a line anew, and somebody who watches. A log of CI may call itself a
   * terminal, but it keeps every redraw.
   */
  readonly isAnimated: boolean
  /** Columns of the terminal as wide as it is now; 80 where there is none, or it does not know. */
  columns(): number
  /**
   * Resolves when more may be written: a slow reader slows the run, and loses nothing. Rejects with a
   * RunError where what was written is lost (a full disk).
   */
  write(text: string): Promise<void>
  /** Resolves when all that was written has been taken; rejects as write does. */
  flush(): Promise<void>
}

/**
 * A reader that has seen enough and closed the pipe (`flags … | head -1`) is not an error: what is
 * written from then on goes nowhere. Once `signal` aborts, a reader that is slow is waited for no more.
 *
 * @param isLossy for words alone: that nobody can read them is no reason to end a run.
 */
export function createOutput(
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  { isLossy = false } = {},
): Output {
  const isTerminal = stream.isTTY === true
  const isCi = Boolean(env.CI) && env.CI !== 'false'
  let lost: NodeJS.ErrnoException | undefined
  stream.on('error', (error) => {
    lost = error
  })
  const check = () => {
    if (!lost || lost.code === 'EPIPE' || isLossy) return
    throw new RunError(`cannot write to stdout: ${systemErrorText(lost)}`, { cause: lost })
  }
  return {
    stream,
    isTerminal,
    isAnimated: isTerminal && env.TERM !== 'dumb' && !isCi,
    // A terminal that nobody told its size says 0.
    columns: () => stream.columns || 80,
    async write(text) {
      check()
      if (!lost && !stream.write(text)) await drained(stream, signal)
    },
    async flush() {
      if (!lost && stream.writableLength > 0) await drained(stream, signal)
      // An error of the last write comes a turn of the loop later.
      await new Promise((resolve) => setImmediate(resolve))
      check()
    },
  }
}

/** Waits until a stream has taken what was written to it, has failed, or is waited for no more. */
function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ends) stream.off(event, done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return resolve()
    for (const event of ends) stream.on(event, done)
    signal.addEventListener('abort', done)
    // Also where it was not full, and so does not say that it drained.
    stream.write('', done)
  })
}

const ends = ['drain', 'error', 'close']
