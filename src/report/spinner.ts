import { setTimeout as sleep } from 'node:timers/promises'
import { eraseOnSuspend, escapeControls, type Output } from './output.js'

/** A shorter wait shows no spinner, which would only flicker; milliseconds. */
const patienceMs = 30

/** What a spinner says; a function is called for each frame. */
type Message = string | (() => string)

/**
 * Settles as a promise does, and shows a spinner meanwhile if that takes long and the output is a terminal
 * for it; there must be no bar on its last line.
 */
export async function spinWhile<T>(
  pending: Promise<T>,
  message: Message,
  output: Output,
): Promise<T> {
  if (!output.canRedraw) return pending
  const over = new AbortController()
  const spinning = spinLater(output, message, over.signal)
  try {
    return await pending
  } finally {
    over.abort()
    await spinning
  }
}

async function spinLater(output: Output, message: Message, signal: AbortSignal): Promise<void> {
  await sleep(patienceMs, undefined, { signal }).catch(() => {})
  await spin(output, message, signal)
}

/**
 * Turns a spinner on the last line of a terminal, as a task of the event loop, until the signal aborts
 * and it erases itself. Resolves to the frames drawn. Nothing else may be written there meanwhile.
 */
export async function spin(output: Output, message: Message, signal: AbortSignal): Promise<number> {
  const text = typeof message === 'string' ? () => message : message
  const erase = () => void output.write(eraseLine)
  // The next frame draws it again.
  const stopErasing = eraseOnSuspend(erase, () => {})
  let frames = 0
  try {
    while (!signal.aborted) {
      await output.write(spinnerFrame(frames, text(), output.columns()))
      frames += 1
      // It rejects only because the signal aborted, and that ends the loop.
      await sleep(frameMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    stopErasing()
    if (frames > 0) await output.write(eraseLine)
  }
  return frames
}

/** How long a frame of the spinner is shown, milliseconds. */
export const frameMs = 100

const hands = ['|', '/', '-', '\\'] as const

/** Clears the line and leaves the cursor at its start, where the spinner found it. */
export const eraseLine = '\r\u001b[K'

/** The spinner's line, `/ thinking!`; `index` counts the frames from 0. It never wraps. */
export function spinnerFrame(index: number, message: string, columns: number): string {
  // One column stays free: some terminals wrap when the last one is written.
  const text = `${hands[index % hands.length]} ${escapeControls(message)}`.slice(0, columns - 1)
  return eraseLine + text
}
