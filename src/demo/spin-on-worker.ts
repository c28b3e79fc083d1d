import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { newSpinnerState, place, raise, type SpinnerData } from './spinner-state.js'

/** The worker erases its line within a frame at most; longer than this it is not waited for. */
const joinMs = 1000

/**
 * The spinner on a thread of its own: it turns on stderr whatever this thread does. The signal raises
 * a flag in memory that both threads share, which the worker sees at once, and waits for it to have
 * erased itself (`done.set()` and `spinner.join()`). Resolves to the frames drawn.
 */
export async function spinOnWorker(
  words: string,
  columns: number,
  signal: AbortSignal,
): Promise<number> {
  const state = newSpinnerState()
  const workerData: SpinnerData = { words, columns, state }
  const worker = new Worker(new URL('./spin-worker.cjs', import.meta.url), { workerData })
  const stop = () => {
    raise(state, place.stop)
    // This thread is held for that moment: whatever ends the process next finds the line clean.
    Atomics.wait(state, place.erased, 0, joinMs)
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await once(worker, 'exit')
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return Atomics.load(state, place.frames)
}
