import type { Writable } from 'node:stream'

/** One of the program's two streams. */
export interface Output {
  readonly stream: NodeJS.WriteStream
  readonly isTerminal: boolean
  /** Columns of the terminal as wide as it is now; 80 where there is none, or it does not know. */
  columns(): number
  /** Resolves when more may be written: a slow reader slows the run, and loses nothing. */
  write(text: string): Promise<void>
}

/**
 * A reader that has seen enough and closed the pipe (`flags … | head -1`) is not an error: what is
 * written from then on goes nowhere.
 */
export function createOutput(stream: NodeJS.WriteStream): Output {
  let isOpen = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    isOpen = false
  })
  return {
    stream,
    isTerminal: stream.isTTY === true,
    // A terminal that nobody told its size says 0.
    columns: () => stream.columns || 80,
    async write(text) {
      if (isOpen && !stream.write(text)) await drained(stream)
    },
  }
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'error', 'close']) stream.off(event, done)
      resolve()
    }
    for (const event of ['drain', 'error', 'close']) stream.on(event, done)
  })
}
