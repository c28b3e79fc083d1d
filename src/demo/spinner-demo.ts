import type { Output } from '../report/output.js'
import { spin } from '../report/spin.js'
import { blockingJobOnWorker } from './executor.js'
import { blockingJob, slowJob } from './slow-job.js'
import { spinOnWorker } from './spin-on-worker.js'
import { type Job, type Spinner, supervisor } from './supervisor.js'

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

const words = 'thinking!'

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
  const { answer, frames } = await supervisor(spinnerFor(demo, stderr), jobFor(demo), signal)
  await stdout.write(`Answer: ${answer}\n`)
  if (stderr.isAnimated)
    await stderr.write(`${frames} ${frames === 1 ? 'frame' : 'frames'} drawn\n`)
}

function spinnerFor({ worker }: SpinnerDemo, stderr: Output): Spinner {
  if (!stderr.isAnimated) return async () => 0
  if (worker) return (signal) => spinOnWorker(words, stderr.columns(), signal)
  return (signal) => spin(stderr, words, signal)
}

function jobFor({ jobMs, block, executor }: SpinnerDemo): Job {
  if (executor) return (signal) => blockingJobOnWorker(jobMs, signal)
  if (block) return async () => blockingJob(jobMs)
  return (signal) => slowJob(jobMs, signal)
}
