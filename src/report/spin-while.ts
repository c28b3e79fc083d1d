import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './output.js'
import { spin } from './spin.js'

/** What takes no longer than this shows no spinner, milliseconds: it would only flicker. */
const patienceMs = 150

/**
 * Shows a spinner for as long as a promise is pending, if that is long and the output is a terminal for it,
 * and settles as the promise does, after the spinner has erased itself. For waits of unknown length;
 * the caller sees to it that no bar is on the last line meanwhile.
 */
export async function spinWhile<T>(pending: Promise<T>, words: string, output: Output): Promise<T> {
  if (!output.isAnimated) return pending
  const over = new AbortController()
  const spinning = spinLater(output, words, over.signal)
  try {
    return await pending
  } finally {
    over.abort()
    await spinning
  }
}

async function spinLater(output: Output, words: string, signal: AbortSignal): Promise<void> {
  await sleep(patienceMs, undefined, { signal }).catch(() => {})
  await spin(output, words, signal)
}
