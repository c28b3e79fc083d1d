import type { Wait } from '../download/fetch-with-retries.js'
import type { FlagResult } from '../download/result.js'
import type { Tally } from '../download/tally.js'

/** What a run looks like from outside. A reporter shows it and decides nothing. */
export interface Reporter {
  start(total: number): void
  /** A flag ended; the tally has it in. */
  result(result: FlagResult, tally: Tally): Promise<void>
  /** A host asked for rest. */
  wait(wait: Wait): void
  /** Something the user should know. */
  notice(text: string): void
  /** The run was told to stop, and ends what it has under way. */
  stopping(): void
  end(summary: Summary): Promise<void>
}

/** A run that has ended. */
export interface Summary extends Tally {
  readonly server: string
  readonly output: string
  readonly concurrency: number
  /** Flags that ended: all that were asked for, unless the run was cut short. */
  readonly total: number
  /** Flags that were asked for. */
  readonly selected: number
  readonly durationMs: number
  readonly exitCode: number
}

/** Shows everything to each of them in turn. */
export function all(reporters: readonly Reporter[]): Reporter {
  return {
    start(total) {
      for (const reporter of reporters) reporter.start(total)
    },
    async result(result, tally) {
      for (const reporter of reporters) await reporter.result(result, tally)
    },
    wait(wait) {
      for (const reporter of reporters) reporter.wait(wait)
    },
    notice(text) {
      for (const reporter of reporters) reporter.notice(text)
    },
    stopping() {
      for (const reporter of reporters) reporter.stopping()
    },
    async end(summary) {
      for (const reporter of reporters) await reporter.end(summary)
    },
  }
}
