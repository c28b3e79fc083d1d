import type { FlagResult } from './result.js'

/** How many flags ended in each way; the four add up to the number of results. */
export interface Tally {
  readonly saved: number
  readonly unchanged: number
  readonly notFound: number
  readonly failed: number
  /** Bytes of the flags saved. */
  readonly bytes: number
}

/** Before the first flag has ended. */
export const emptyTally: Tally = { saved: 0, unchanged: 0, notFound: 0, failed: 0, bytes: 0 }

/** The tally with one more result in it. */
export function count(tally: Tally, result: FlagResult): Tally {
  switch (result.status) {
    case 'saved':
      return { ...tally, saved: tally.saved + 1, bytes: tally.bytes + result.bytes }
    case 'unchanged':
      return { ...tally, unchanged: tally.unchanged + 1 }
    case 'not_found':
      return { ...tally, notFound: tally.notFound + 1 }
    case 'failed':
      return { ...tally, failed: tally.failed + 1 }
  }
}

/** How many flags have ended. */
export function total({ saved, unchanged, notFound, failed }: Tally): number {
  return saved + unchanged + notFound + failed
}
