/** The thread that blockingJobOnWorker starts: it gets milliseconds and posts the answer. */

import { parentPort, workerData } from 'node:worker_threads'
import { blockingJob } from './slow-job.js'

parentPort?.postMessage(blockingJob(workerData))
