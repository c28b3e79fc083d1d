import { RunError } from '../errors.js'
import { readFile } from '../file-system.js'

/** With fewer, flags that are there seem to be missing, and Node itself fails. */
const minOpenFiles = 32

/** The file handles of Node, the standard streams, and the files being saved. */
const otherHandles = 36

/**
 * The number of requests that this process may have open, as its limit of open files allows
 * (`ulimit -n`). Beyond it, connecting fails with EMFILE, and so does saving. Throws RunError where it is
 * too low for a single request.
 *
 * @param handlesPerRequest 1; or 3 where the server runs in this process: its end, and the flag's file
 */
export async function maxOpenRequests(handlesPerRequest: 1 | 3): Promise<number> {
  return requestsWithin(await openFilesLimit(), handlesPerRequest)
}

/** @param openFiles a number, or a word where there is no limit */
export function requestsWithin(openFiles: number | string, handlesPerRequest: 1 | 3): number {
  const limit = Number(openFiles)
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY
  if (limit < minOpenFiles) {
    throw new RunError(
      `the limit of open files is ${limit}: raise it to ${minOpenFiles} or more (ulimit -n)`,
    )
  }
  return Math.max(1, Math.floor((limit - otherHandles) / handlesPerRequest))
}

async function openFilesLimit(): Promise<number | string> {
  // Node's report has it on every system, but takes 6 ms to make.
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, soft] = /^Max open files +(\w+)/m.exec(limits) ?? []
  if (soft) return soft
  // Windows has no such limit, and its report no such section.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { soft: number | string } }
  }
  return userLimits?.open_files.soft ?? 'unlimited'
}
