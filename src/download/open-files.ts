/** What Node, the standard streams, and the files being saved take of the handles. */
const otherHandles = 36

/**
 * How many requests this process may have open, as far as the system limits its file handles
 * (`ulimit -n`). Beyond that, connecting fails with EMFILE, and so does saving.
 *
 * @param handlesEach 1; or 3 where the server runs in this process: the other end, and the flag's file.
 */
export function mostOpenRequests(handlesEach: 1 | 3): number {
  // Windows has no such limit, and its report no such section.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { soft: number | string } }
  }
  const limit = Number(userLimits?.open_files.soft ?? 'unlimited')
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY
  return Math.max(1, Math.floor((limit - otherHandles) / handlesEach))
}
