import { UsageError } from '../../errors.js'

/** What a bench measures, unless told otherwise. */
export const benchDefaults = {
  /** Before each answer of the embedded server. */
  delayMs: 100,
  levels: [1, 5, 20, 100],
  runs: 3,
  /** In each run. */
  flags: 100,
} as const

/** The most requests that a server which is not ours is sent, unless the user says that it may be. */
export const mostRequestsUnasked = 200

/** What is to be measured. */
export interface BenchWish {
  /** Numbers of requests open at once. */
  readonly levels: readonly number[]
  /** How often each level is measured. */
  readonly runs: number
  /** How many flags a run downloads. */
  readonly flags: number
}

/** What can be measured, within a number of requests. */
export interface BenchPlan extends BenchWish {
  /** Ascending; no level twice. */
  readonly levels: readonly number[]
  /** Levels that a run has too few flags for; ascending. */
  readonly leftOut: readonly number[]
  /** All that are sent: one for each flag of each run, the warm-up included. */
  readonly requests: number
}

/**
 * Fits a bench into a number of requests: the most levels, the lowest first, that its runs can fill. A
 * level above the number of flags would open no more requests than there are flags.
 * Throws UsageError where not even the lowest can be filled.
 */
export function planBench({ levels, runs, flags }: BenchWish, mostRequests: number): BenchPlan {
  const ascending = [...new Set(levels)].sort((a, b) => a - b)
  for (let kept = ascending.length; kept > 0; kept--) {
    const runsInAll = kept * runs + 1
    const flagsEach = Math.min(flags, Math.floor(mostRequests / runsInAll))
    if (flagsEach < (ascending[kept - 1] ?? 0)) continue
    return {
      levels: ascending.slice(0, kept),
      runs,
      flags: flagsEach,
      leftOut: ascending.slice(kept),
      requests: runsInAll * flagsEach,
    }
  }
  throw new UsageError(
    flags < (ascending[0] ?? 0)
      ? `${flags} flags cannot fill level ${ascending[0]}: give a higher --limit or lower --levels`
      : `${mostRequests} requests cannot fill level ${ascending[0]}: give fewer --runs, lower --levels, or --yes`,
  )
}

/** What the user should know about how a plan differs from the wish. */
export function planNotes(plan: BenchPlan, wish: BenchWish): string[] {
  const { flags, leftOut, requests } = plan
  const notes: string[] = []
  if (flags < wish.flags) {
    notes.push(
      `without --yes, ${requests} requests in all: ${flags} flags a run, not ${wish.flags}`,
    )
  }
  if (leftOut.length > 0) {
    notes.push(`levels left out, which ${flags} flags cannot fill: ${leftOut.join(', ')}`)
  }
  return notes
}
