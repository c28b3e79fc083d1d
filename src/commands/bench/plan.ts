import { UsageError } from '../../errors.js'

/** What a bench measures by default. */
export const benchDefaults = {
  /** Before each answer of the embedded server. */
  delayMs: 100,
  levels: [1, 5, 20, 100],
  runs: 3,
  /** In each run. */
  flags: 100,
} as const

/** The maximum number of requests that a third-party server is sent without `--yes`. */
export const maxRequestsWithoutYes = 200

/** What to measure. */
export interface BenchPlan {
  /** The numbers of parallel requests. */
  readonly levels: readonly number[]
  /** How often each level is measured. */
  readonly runs: number
  /** How many flags a run downloads. */
  readonly flags: number
}

/** A plan with its levels sorted, and those that it omits. */
export interface ResolvedPlan extends BenchPlan {
  readonly omittedLevels: readonly number[]
}

/**
 * Sorts the levels and omits those above the number of flags, which would open no more requests than
 * there are flags. Throws UsageError where none is left.
 */
export function planBench({ levels, runs, flags }: BenchPlan): ResolvedPlan {
  const ascending = [...new Set(levels)].sort((a, b) => a - b)
  const fitting = ascending.filter((level) => level <= flags)
  if (fitting.length === 0) {
    throw new UsageError(
      `${flags} flags cannot fill level ${ascending[0]}: give a higher --limit or lower --levels`,
    )
  }
  return { levels: fitting, runs, flags, omittedLevels: ascending.slice(fitting.length) }
}

/** All requests of a bench: one for each flag of each run, and of the warm-up. */
export function requestsOf({ levels, runs, flags }: BenchPlan): number {
  return (levels.length * runs + 1) * flags
}
