import { printable } from './printable.js'

/** How long a frame of the spinner stands, milliseconds. */
export const frameMs = 100

const hands = ['|', '/', '-', '\\'] as const

/** Clears the line and leaves the cursor at its start, where the spinner found it. */
export const eraseLine = '\r\u001b[K'

/** The spinner's line, `/ thinking!`; `index` counts the frames from 0. It never wraps. */
export function spinnerFrame(index: number, words: string, columns: number): string {
  // One column stays free: some terminals wrap when the last one is written.
  const text = `${hands[index % hands.length]} ${printable(words)}`.slice(0, columns - 1)
  return eraseLine + text
}
