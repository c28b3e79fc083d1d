import type { Failure } from '../http/failure.js'

interface Facts {
  /** Two capital letters. */
  readonly code: string
  /** Where the flag was asked for, before any redirect. */
  readonly url: string
}

interface Effort {
  /** Times it was tried, the first included. */
  readonly attempts: number
  /** From the first attempt's start to the end, milliseconds. */
  readonly durationMs: number
}

interface InPlace {
  /** The file, relative as the output folder was given. */
  readonly path: string
  /** Its size. */
  readonly bytes: number
  /** Why the file is named by its code, where it was to be named by its country. */
  readonly note?: string | undefined
}

/** How a flag ended. Every way it can end, failures included, is one of these. */
export type FlagResult =
  /** Fetched, found whole, and put in place. */
  | ({ readonly status: 'saved' } & Facts & InPlace & Effort)
  /** The server says that the file in place is still the right one. */
  | ({ readonly status: 'unchanged' } & Facts & InPlace & Effort)
  /** The server has no such flag (404). */
  | ({ readonly status: 'not_found' } & Facts & Effort)
  /** Everything else. What was in place before stays there. */
  | ({ readonly status: 'failed' } & Facts & Effort & { readonly failure: Failure })

/** The four ways in which a flag ends. */
export type FlagStatus = FlagResult['status']

/** Should this flag be in place, and is not? One that was asked for by its code should be. */
export function isMissing(result: FlagResult, named: ReadonlySet<string>): boolean {
  return result.status === 'failed' || (result.status === 'not_found' && named.has(result.code))
}
