import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './output.js'
import { eraseLine, frameMs, spinnerFrame } from './spinner-frame.js'

/**
 * Turns a spinner on the last line of a terminal until the signal aborts; then it erases itself, and
 * the cursor is where it was. Resolves to the frames drawn. While it turns, the line is its own:
 * nothing else may be written there.
 *
 * It is a task of the event loop: what blocks the loop stops it.
 */
export async function spin(output: Output, words: string, signal: AbortSignal): Promise<number> {
  const erase = () => output.write(eraseLine)
  // A second Ctrl-C ends the process at once, and must not leave half a spinner either.
  process.once('exit', erase)
  let frames = 0
  try {
    while (!signal.aborted) {
      await output.write(spinnerFrame(frames, words, output.columns()))
      frames += 1
      // It rejects only because the signal aborted, and that ends the loop.
      await sleep(frameMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    process.off('exit', erase)
    if (frames > 0) await erase()
  }
  return frames
}
