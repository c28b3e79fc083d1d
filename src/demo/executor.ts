import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * Runs the blocking job on a worker thread, as `loop.run_in_executor` does, so that it holds that
 * thread and not this one. Rejects with the signal's reason when it aborts; the worker ends with it.
 */
export async function blockingJobOnWorker(ms: number, signal: AbortSignal): Promise<number> {
  const worker = new Worker(new URL('./slow-job-worker.cjs', import.meta.url), { workerData: ms })
  try {
    const [answer] = await once(worker, 'message', { signal })
    return answer
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await worker.terminate()
  }
}
