import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const answer = 42

/** Awaits its time and keeps the event loop free, as `asyncio.sleep` does. */
export async function slowJob(ms: number, signal: AbortSignal): Promise<number> {
  return sleep(ms, answer, { signal }).catch(() => {
    throw signal.reason
  })
}

/** Holds its thread for that time, as `time.sleep` does: no timer and no signal handler runs on it. */
export function blockingJob(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms)
  return answer
}

/**
 * Runs the blocking job on a worker thread, as `loop.run_in_executor` does, so that it holds that
 * thread and not this one. Rejects with the signal's reason when it aborts; the worker ends with it.
 */
export async function blockingJobOnWorker(ms: number, signal: AbortSignal): Promise<number> {
  const worker = startWorker({ kind: 'job', ms })
  try {
    const [message] = await once(worker, 'message', { signal })
    return message
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await worker.terminate()
  }
}

/** The worker erases its line within a frame at most; longer than this it is not waited for. */
const joinMs = 1000

/**
 * The spinner on a separate thread: it turns on stderr whatever this thread does. The signal raises
 * a flag in memory that both threads share, which the worker sees at once, and waits for it to have
 * erased itself (`done.set()` and `spinner.join()`). Resolves to the frames drawn.
 */
export async function spinOnWorker(
  message: string,
  columns: number,
  signal: AbortSignal,
): Promise<number> {
  const state = newSpinnerState()
  const worker = startWorker({ kind: 'spinner', message, columns, state })
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

function startWorker(workerData: WorkerTask): Worker {
  return new Worker(new URL('./worker.cjs', import.meta.url), { workerData })
}

/** What a worker thread is started to do. */
export type WorkerTask = { readonly kind: 'job'; readonly ms: number } | SpinnerTask

export interface SpinnerTask {
  readonly kind: 'spinner'
  readonly message: string
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
