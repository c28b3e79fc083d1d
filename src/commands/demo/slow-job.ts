import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const answer = 42

/** Awaits its time and lets the event loop go on meanwhile, as `asyncio.sleep` does. */
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
  const worker = new Worker(new URL('./slow-job-worker.cjs', import.meta.url), { workerData: ms })
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
