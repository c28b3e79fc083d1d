import { readFile } from 'node:fs/promises'

/** What Node, the standard streams, and the files being saved take of the handles. */
const otherHandles = 36

/**
 * How many requests this process may have open, as far as the system limits its file handles
 * (`ulimit -n`). Beyond that, connecting fails with EMFILE, and so does saving.
 *
 * @param handlesEach 1; or 3 where the server runs in this process: the other end, and the flag's file.
 */
export async function mostOpenRequests(handlesEach: 1 | 3): Promise<number> {
  const limit = Number(await openFilesLimit())
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY
  return Math.max(1, Math.floor((limit - otherHandles) / handlesEach))
}

async function openFilesLimit(): Promise<number | string> {
  // Node's report says it on every system, but takes 6 ms to make.
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, soft] = /^Max open files +(\w+)/m.exec(limits) ?? []
  if (soft) return soft
  // Windows has no such limit, and its report no such section.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { soft: number | string } }
  }
  return userLimits?.open_files.soft ?? 'unlimited'
}
