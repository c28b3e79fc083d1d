import { parentPort, workerData } from 'node:worker_threads'
import { blockingJob } from './slow-job.js'

/** The thread that blockingJobOnWorker starts: it gets milliseconds and posts the answer. */

parentPort?.postMessage(blockingJob(workerData))
