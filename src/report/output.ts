import type { Writable } from 'node:stream'

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
  /** Resolves when more may be written: a slow reader slows the run, and loses nothing. */
  write(text: string): Promise<void>
}

/**
 * A reader that has seen enough and closed the pipe (`flags … | head -1`) is not an error: what is
 * written from then on goes nowhere. Once `signal` aborts, a reader that is slow is waited for no more.
 */
export function createOutput(
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Output {
  const isTerminal = stream.isTTY === true
  const isCi = Boolean(env.CI) && env.CI !== 'false'
  let isOpen = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    isOpen = false
  })
  return {
    stream,
    isTerminal,
    isAnimated: isTerminal && env.TERM !== 'dumb' && !isCi,
    // A terminal that nobody told its size says 0.
    columns: () => stream.columns || 80,
    async write(text) {
      if (isOpen && !stream.write(text)) await drained(stream, signal)
    },
  }
}

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
  })
}

const ends = ['drain', 'error', 'close']
