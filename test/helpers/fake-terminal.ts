import type { Output } from '../../src/report/output.js'

export interface FakeTerminal extends Output {
  /** All that was written. */
  readonly written: () => string
  /** Resolves when something is written next. */
  next(): Promise<void>
}

/** An output that keeps what is written to it. */
export function fakeTerminal({ isTerminal = true, columns = 80 } = {}): FakeTerminal {
  let written = ''
  let wake = () => {}
  return {
    stream: process.stderr,
    isTerminal,
    canRedraw: isTerminal,
    isAscii: false,
    isPipe: () => !isTerminal,
    columns: () => columns,
    async write(text) {
      written += text
      wake()
    },
    async flush() {},
    written: () => written,
    next: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
  }
}
