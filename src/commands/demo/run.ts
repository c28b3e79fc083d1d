import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Output } from '../../report/output.js'
import { spin } from '../../report/spinner.js'
import { blockingJob, blockingJobOnWorker, slowJob, spinOnWorker } from './threads.js'

export interface SpinnerDemo {
  /** How long the slow job takes, milliseconds. */
  readonly jobMs: number
  /** The spinner turns on a worker thread, not on the event loop. */
  readonly worker?: true | undefined
  /** The job blocks the thread it runs on. */
  readonly block?: true | undefined
  /** The job, which then blocks in any case, runs on a worker thread. */
  readonly executor?: true | undefined
}

const message = 'thinking!'

/**
 * Runs a slow job while a spinner turns on stderr, prints its answer to stdout and, where there was a
 * terminal to draw on, the number of frames to stderr. Throws the signal's reason when it aborts.
 */
export async function demonstrateSpinner(
  demo: SpinnerDemo,
  stdout: Output,
  stderr: Output,
  signal: AbortSignal,
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
  if (worker) return (signal) => spinOnWorker(message, stderr.columns(), signal)
  return (signal) => spin(stderr, message, signal)
}

function jobFor({ jobMs, block, executor }: SpinnerDemo): Job {
  if (executor) return (signal) => blockingJobOnWorker(jobMs, signal)
  if (block) return async () => blockingJob(jobMs)
  return (signal) => slowJob(jobMs, signal)
}

/** Turns until the signal aborts and resolves to the frames drawn. */
export type Spinner = (signal: AbortSignal) => Promise<number>

/** Resolves to the answer; rejects with the signal's reason when that aborts first. */
export type Job = (signal: AbortSignal) => Promise<number>

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
  // It is awaited below; without this, an error before that would be unhandled.
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
 * Lets the event loop hear a Ctrl-C that came while the job blocked this thread. It does so where it
 * polls, and what is set for its next turn may still run before that; the turn after does not.
 */
async function hearSignals(): Promise<void> {
  await nextTurn()
  await nextTurn()
}
