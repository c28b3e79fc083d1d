import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Output } from '../../report/output.js'
import { spin } from '../../report/waiting.js'
import type { CommandContext } from '../command.js'

export interface SpinnerDemo {
  /** How long the slow job takes, milliseconds. */
  readonly jobMs: number
  /** The spinner turns on a worker thread, not on the event loop. */
  readonly worker?: true | undefined
  /** The job blocks the thread it runs on. */
  readonly block?: true | undefined
  /** The job runs on a worker thread, which it blocks. */
  readonly executor?: true | undefined
}

const message = 'thinking!'

/**
 * Runs a slow job while a spinner turns on stderr, prints its answer to stdout and, where there was a
 * terminal to draw on, the number of frames to stderr. Throws the signal's reason when it aborts.
 */
export async function demonstrateSpinner(
  demo: SpinnerDemo,
  { stdout, stderr, signal }: CommandContext,
): Promise<void> {
  const running = supervisor(spinnerFor(demo, stderr), jobFor(demo), signal)
  const { answer, frames } = await running.catch(async (error) => {
    if (signal.aborted) await stderr.write('Interrupted.\n')
    throw error
  })
  await stdout.write(`Answer: ${answer}\n`)
  if (stderr.canRedraw) await stderr.write(`${frames} ${frames === 1 ? 'frame' : 'frames'} drawn\n`)
}

function spinnerFor({ worker }: SpinnerDemo, stderr: Output): Spinner {
  if (!stderr.canRedraw) return async () => 0
  if (worker) return (signal) => spinOnWorker(stderr.columns(), signal)
  return (signal) => spin(stderr, message, signal)
}

function jobFor({ jobMs, block, executor }: SpinnerDemo): Job {
  if (executor) return (signal) => blockingJobOnWorker(jobMs, signal)
  if (block) return async () => blockingJob(jobMs)
  return (signal) => slowJob(jobMs, signal)
}

/** Turns until the signal aborts and resolves to the frames drawn. */
type Spinner = (signal: AbortSignal) => Promise<number>

/** Resolves to the answer; rejects with the signal's reason when that aborts first. */
type Job = (signal: AbortSignal) => Promise<number>

/**
 * Starts the spinner, waits for the job, cancels the spinner, and gives the answer with the number of
 * frames drawn meanwhile. Throws the signal's reason when it aborts.
 */
async function supervisor(
  spinner: Spinner,
  job: Job,
  signal: AbortSignal,
): Promise<{ answer: number; frames: number }> {
  const done = new AbortController()
  const spinning = spinner(done.signal)
  // It is awaited below; without this, an earlier rejection would be unhandled.
  spinning.catch(() => {})
  let answer: number
  try {
    answer = await job(signal)
  } finally {
    done.abort()
    await spinning
  }
  await hearSignals()
  signal.throwIfAborted()
  return { answer, frames: await spinning }
}

/**
 * Lets the event loop handle a Ctrl-C that came while the job blocked this thread. It polls for signals once
 * a turn, perhaps after the callbacks of this turn, so one turn is not enough.
 */
async function hearSignals(): Promise<void> {
  await nextTurn()
  await nextTurn()
}

const answer = 42

/** Waits without blocking the event loop, as `asyncio.sleep` does. */
async function slowJob(ms: number, signal: AbortSignal): Promise<number> {
  return sleep(ms, answer, { signal }).catch(() => {
    throw signal.reason
  })
}

/** Blocks its thread, as `time.sleep` does: no timer and no signal handler runs on it. */
export function blockingJob(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms)
  return answer
}

/**
 * Runs the blocking job on a worker thread, as `loop.run_in_executor` does, so that it blocks that thread
 * instead of this one. Rejects with the signal's reason when it aborts; the worker ends with it.
 */
async function blockingJobOnWorker(ms: number, signal: AbortSignal): Promise<number> {
  const worker = startWorker({ kind: 'job', ms })
  try {
    const [result] = await once(worker, 'message', { signal })
    return result
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await worker.terminate()
  }
}

/** The longest wait for the worker to erase its line, which takes it a frame at most. */
const joinMs = 1000

/**
 * The spinner on a separate thread: it turns on stderr whatever this thread does. When the signal aborts,
 * sets a flag in memory that both threads share, which the worker sees at once, and waits until the spinner
 * is erased (`done.set()` and `spinner.join()`). Resolves to the frames drawn.
 */
async function spinOnWorker(columns: number, signal: AbortSignal): Promise<number> {
  const state = newSpinnerState()
  const worker = startWorker({ kind: 'spinner', message, columns, state })
  const stop = () => {
    raise(state, place.stop)
    // Blocks this thread for that moment, so that the line is clean if the process ends next.
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
  return new Worker(join(import.meta.dirname, 'worker.cjs'), { workerData })
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
