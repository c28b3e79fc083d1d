import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

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
  const worker = new Worker(new URL('./threaded-spinner-worker.cjs', import.meta.url), {
    workerData,
  })
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

/** What the spinner on a worker thread is started with. */
export interface SpinnerData {
  readonly words: string
  readonly columns: number
  /** Shared with the thread that started it. */
  readonly state: Int32Array<SharedArrayBuffer>
}

/** The places in the shared state; each starts as 0. */
export const place = {
  /** Set to 1 to stop the spinner. */
  stop: 0,
  /** Set to 1 by the spinner when it has erased itself. */
  erased: 1,
  /** Counted by the spinner. */
  frames: 2,
} as const

function newSpinnerState(): Int32Array<SharedArrayBuffer> {
  const places = Object.keys(place).length
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT))
}

/** Sets a place to 1 and wakes the thread that waits for it. */
export function raise(state: Int32Array, index: number): void {
  Atomics.store(state, index, 1)
  Atomics.notify(state, index)
}
