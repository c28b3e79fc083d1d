import { setImmediate as nextTurn } from 'node:timers/promises'

/** Turns until the signal aborts and resolves to the frames drawn. */
export type Spinner = (signal: AbortSignal) => Promise<number>

/** Resolves to the answer; rejects with the signal's reason when that aborts first. */
export type Job = (signal: AbortSignal) => Promise<number>

/**
 * Starts the spinner, waits for the job, cancels the spinner, and gives the answer with the number of
 * frames drawn meanwhile. Throws the signal's reason when it aborts.
 */
export async function supervisor(
  spinner: Spinner,
  job: Job,
  signal: AbortSignal,
): Promise<{ answer: number; frames: number }> {
  const done = new AbortController()
  const spinning = spinner(done.signal)
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
