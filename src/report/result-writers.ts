import type { FlagResult, Tally } from '../download/result.js'
import { type Output, toJsonLine } from './output.js'

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

/** What a run prints to stdout: a record for each result, and the summary last. */
export type RunRecord =
  | { readonly type: 'flag'; readonly result: FlagResult }
  | { readonly type: 'summary'; readonly summary: Summary }

/** Writes a record to stdout, in the format of its writer. */
export type ResultWriter = (record: RunRecord) => Promise<void>

/** Writes the path of each flag in place, a line each. */
export function pathWriter(output: Output): ResultWriter {
  return async (record) => {
    if (record.type === 'flag' && 'path' in record.result) {
      await output.write(`${record.result.path}\n`)
    }
  }
}

/** Writes JSON Lines: an object for each flag, and the summary last. */
export function jsonWriter(output: Output): ResultWriter {
  return (record) => output.write(`${toJsonLine(jsonObject(record))}\n`)
}

function jsonObject(record: RunRecord): object {
  if (record.type === 'flag') return { type: 'flag', ...record.result }
  const { server, concurrency, total, saved, unchanged, notFound, failed, ...rest } = record.summary
  const { concurrencyPeak, concurrencyLast, bytes, durationMs, exitCode } = rest
  const limits = { concurrency, concurrencyPeak, concurrencyLast }
  const tally = { total, saved, unchanged, notFound, failed, bytes }
  return { type: 'summary', server, ...limits, ...tally, durationMs, exitCode }
}
