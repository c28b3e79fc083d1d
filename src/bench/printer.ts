import type { Output } from '../report/output.js'
import { printableJson } from '../report/printable.js'
import { type Figures, recommend } from './statistics.js'
import { conclusion, tableHeader, tableRow } from './table.js'

/** How a bench went, as a whole. */
export interface BenchSummary {
  /** As it was named. */
  readonly server: string
  /** Before each of its answers, where that is known. */
  readonly delayMs: number | undefined
  /** Downloaded in each run. */
  readonly flags: number
  /** Measured at each level. */
  readonly runs: number
  /** The levels that were measured to the end. */
  readonly levels: readonly Figures[]
  readonly exitCode: number
}

/** Prints what was measured. */
export interface BenchPrinter {
  level(figures: Figures): Promise<void>
  end(summary: BenchSummary): Promise<void>
}

/** A table that grows by a line for each level, with bars on a terminal, and the conclusion below. */
export function tablePrinter(output: Output): BenchPrinter {
  let isStarted = false
  return {
    async level(figures) {
      if (!isStarted) await output.write(`${tableHeader(figures.shareOfIdeal !== undefined)}\n`)
      isStarted = true
      await output.write(`${tableRow(figures, output.isTerminal ? output.columns() : 0)}\n`)
    },
    async end({ levels }) {
      const recommended = recommend(levels)
      if (!recommended) return
      const highest = Math.max(...levels.map(({ concurrency }) => concurrency))
      await output.write(`${conclusion(recommended, highest)}\n`)
    },
  }
}

/** One JSON object a line: each level when it is done, and the summary last. */
export function jsonPrinter(output: Output): BenchPrinter {
  const line = (value: object) => output.write(`${printableJson(value)}\n`)
  return {
    async level({ concurrency, flags, elapsedMs, medianMs, minMs, ...rest }) {
      const { flagsPerSecond, speedUp, shareOfIdeal } = rest
      await line({
        type: 'level',
        concurrency,
        flags,
        elapsedMs: elapsedMs.map(Math.round),
        medianMs: Math.round(medianMs),
        minMs: Math.round(minMs),
        flagsPerSecond: rounded(flagsPerSecond, 1),
        speedUp: rounded(speedUp, 2),
        shareOfIdeal: shareOfIdeal === undefined ? undefined : rounded(shareOfIdeal, 3),
      })
    },
    async end({ server, delayMs, flags, runs, levels, exitCode }) {
      const recommended = recommend(levels)?.concurrency ?? null
      await line({ type: 'summary', server, delayMs, flags, runs, recommended, exitCode })
    },
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
