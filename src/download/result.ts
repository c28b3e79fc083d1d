import type { Failure } from '../http/failure.js'

interface FlagIdentity {
  /** Two capital letters. */
  readonly code: string
  /** Where the flag was requested, before any redirect. */
  readonly url: string
}

interface Timing {
  /** The number of attempts, the first included. */
  readonly attempts: number
  /** From the start of the first attempt to the end, milliseconds. */
  readonly durationMs: number
}

interface SavedFile {
  /** The path of the file; relative if that of the output folder is. */
  readonly path: string
  /** Its size, in bytes. */
  readonly bytes: number
  /** With `nameBy: 'country'`: why the file does not have the server's name for the country. */
  readonly note?: string | undefined
}

/**
 * The result of one flag. Every result, failures included, is one of these.
 *
 * @example
 * import type { FlagResult } from 'flag-downloader'
 *
 * const pathOf = (result: FlagResult) => ('path' in result ? result.path : undefined)
 */
export type FlagResult =
  /** Downloaded, checked and put in place. */
  | ({ readonly status: 'saved' } & FlagIdentity & SavedFile & Timing)
  /** The server says that the file in place is current. */
  | ({ readonly status: 'unchanged' } & FlagIdentity & SavedFile & Timing)
  /** The server has no such flag (404). */
  | ({ readonly status: 'not_found' } & FlagIdentity & Timing)
  /** Everything else. An earlier file stays in place. */
  | ({ readonly status: 'failed' } & FlagIdentity & Timing & { readonly failure: Failure })

/**
 * The four results of a flag.
 *
 * @example
 * import type { FlagStatus } from 'flag-downloader'
 *
 * const isInPlace = (status: FlagStatus) => status === 'saved' || status === 'unchanged'
 */
export type FlagStatus = FlagResult['status']

/** Does this result make the run fail? Not found does only if the code was given explicitly. */
export function countsAsFailure(result: FlagResult, explicitCodes: ReadonlySet<string>): boolean {
  const isMissing = result.status === 'not_found' && explicitCodes.has(result.code)
  return result.status === 'failed' || isMissing
}

/**
 * The number of flags with each status; the four add up to the number of results.
 *
 * @example
 * import type { Tally } from 'flag-downloader'
 *
 * const isComplete = ({ notFound, failed }: Tally) => notFound + failed === 0
 */
export interface Tally {
  readonly saved: number
  readonly unchanged: number
  readonly notFound: number
  readonly failed: number
  /** The size of the saved flags, in bytes. */
  readonly bytes: number
}

/**
 * The tally before the first result.
 *
 * @example
 * import { emptyTally, type Tally } from 'flag-downloader'
 *
 * let tally: Tally = emptyTally
 */
export const emptyTally: Tally = { saved: 0, unchanged: 0, notFound: 0, failed: 0, bytes: 0 }

/**
 * Adds a result to a tally.
 *
 * @param tally the tally so far; it is not changed
 * @param result the result to add
 *
 * @example
 * import { addToTally, downloadFlags, emptyTally } from 'flag-downloader'
 *
 * let tally = emptyTally
 * for await (const result of downloadFlags(['BR', 'JP'])) tally = addToTally(tally, result)
 * console.log(tally.failed) // → 0
 */
export function addToTally(tally: Tally, result: FlagResult): Tally {
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

/**
 * The number of results in a tally.
 *
 * @param tally the tally whose four counts are added up
 *
 * @example
 * import { emptyTally, tallyTotal } from 'flag-downloader'
 *
 * console.log(tallyTotal({ ...emptyTally, saved: 2, failed: 1 })) // → 3
 */
export function tallyTotal({ saved, unchanged, notFound, failed }: Tally): number {
  return saved + unchanged + notFound + failed
}

/** A finished run. */
export interface Summary extends Tally {
  /** The label or URL of the server. */
  readonly server: string
  readonly output: string
  readonly concurrency: number | 'auto'
  /** The highest and the last limit of `auto`. */
  readonly concurrencyPeak?: number | undefined
  readonly concurrencyLast?: number | undefined
  /** The number of flags with a result: all that were requested, unless the run ended early. */
  readonly total: number
  /** The number of flags that were requested. */
  readonly selected: number
  readonly durationMs: number
  readonly exitCode: number
}
