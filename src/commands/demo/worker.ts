import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { eraseLine, frameMs, spinnerFrame } from '../../report/waiting.js'
import { blockingJob, place, raise, type SpinnerTask, type WorkerTask } from './run.js'

/** The thread that blockingJobOnWorker and spinOnWorker start. */

const stderrFd = 2
const task: WorkerTask = workerData

switch (task.kind) {
  case 'job':
    parentPort?.postMessage(blockingJob(task.ms))
    break
  case 'spinner':
    spinUntilStopped(task)
}

function spinUntilStopped({ message, columns, state }: SpinnerTask): void {
  while (Atomics.load(state, place.stop) === 0) {
    const frames = Atomics.load(state, place.frames)
    if (isDrawn(spinnerFrame(frames, message, columns))) Atomics.add(state, place.frames, 1)
    // Waits for the next frame, or ends at once when the flag is set.
    Atomics.wait(state, place.stop, 0, frameMs)
  }
  if (Atomics.load(state, place.frames) > 0) isDrawn(eraseLine)
  raise(state, place.erased)
}

/**
 * Bypasses process.stderr: a worker's goes through the main thread, and shows nothing while that is blocked.
 * Text that the terminal does not accept (it is stopped, or gone) is dropped.
 */
function isDrawn(text: string): boolean {
  try {
    writeSync(stderrFd, text)
    return true
  } catch {
    return false
  }
}
