import type { Tally } from '../download/tally.js'
import type { Output } from './output.js'

/** What people look at: lines, and on a terminal a bar below them. */
export interface Screen {
  start(total: number): void
  line(text: string): Promise<void>
  /** How far the run is; shown only where there is a bar. */
  progress(tally: Tally): void
  /** What the run waits for, and until when it is true. */
  waiting(text: string, ms: number): void
  /** The run ends what it has under way. */
  stopping(): void
  close(): void
}

/** Lines alone: no bar, no colour, no control characters. */
export function plainScreen(output: Output): Screen {
  const line = (text: string) => output.write(`${text}\n`)
  return {
    start() {},
    line,
    progress() {},
    waiting(text) {
      void line(text)
    },
    stopping() {},
    close() {},
  }
}
