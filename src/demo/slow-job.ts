import { setTimeout as sleep } from 'node:timers/promises'

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
