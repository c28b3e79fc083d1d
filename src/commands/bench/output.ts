import { type Output, toJsonLine } from '../../report/output.js'
import { type Figures, goodEnough, highestOf, recommend } from './statistics.js'

/** The summary of a bench. */
export interface BenchSummary {
  /** Its label or URL. */
  readonly server: string
  /** Before each of its answers, if it is known. */
  readonly delayMs: number | undefined
  /** Downloaded in each run. */
  readonly flags: number
  /** Measured at each level. */
  readonly runs: number
  /** The levels that were measured completely. */
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
      await output.write(
        `${tableRow(figures, output.isTerminal ? output.columns() : 0, output.isAscii)}\n`,
      )
    },
    async end({ levels }) {
      const text = conclusion(levels)
      if (text) await output.write(`${text}\n`)
    },
  }
}

/** One JSON object a line: each level when it is done, and the summary last. */
export function jsonPrinter(output: Output): BenchPrinter {
  const writeLine = (value: object) => output.write(`${toJsonLine(value)}\n`)
  return {
    async level({ elapsedMs, medianMs, minMs, flagsPerSecond, speedUp, shareOfIdeal, ...level }) {
      await writeLine({
        type: 'level',
        ...level,
        elapsedMs: elapsedMs.map(Math.round),
        medianMs: Math.round(medianMs),
        minMs: Math.round(minMs),
        flagsPerSecond: rounded(flagsPerSecond, 1),
        speedUp: rounded(speedUp, 2),
        shareOfIdeal: shareOfIdeal && rounded(shareOfIdeal, 3),
      })
    },
    async end({ server, delayMs, flags, runs, levels, exitCode }) {
      const recommended = recommend(levels)?.concurrency ?? null
      await writeLine({ type: 'summary', server, delayMs, flags, runs, recommended, exitCode })
    },
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

interface Column {
  readonly title: string
  readonly width: number
  textOf(figures: Figures): string
}

const columns: readonly Column[] = [
  { title: 'level', width: 5, textOf: ({ concurrency }) => `${concurrency}` },
  { title: 'median', width: 10, textOf: ({ medianMs }) => secondsText(medianMs) },
  { title: 'min', width: 10, textOf: ({ minMs }) => secondsText(minMs) },
  { title: 'flags/s', width: 10, textOf: ({ flagsPerSecond }) => flagsPerSecond.toFixed(1) },
  { title: 'speed-up', width: 10, textOf: ({ speedUp }) => `${speedUp.toFixed(1)}x` },
  {
    title: 'of ideal',
    width: 10,
    textOf: ({ shareOfIdeal = Number.NaN }) => `${Math.round(shareOfIdeal * 100)}%`,
  },
]

const widestBar = 30
const gap = '  '

/** The table's first line; `hasIdeal` where the ideal time is known. */
export function tableHeader(hasIdeal: boolean): string {
  return line(hasIdeal, ({ title }) => title)
}

/** A level's line, with a bar for its median time if the terminal is wide enough; 0 columns for no bar. */
export function tableRow(figures: Figures, terminalColumns: number, isAscii = false): string {
  const text = line(figures.shareOfIdeal !== undefined, ({ textOf }) => textOf(figures))
  // One column stays free: some terminals wrap when the last one is written.
  const room = Math.min(widestBar, terminalColumns - 1 - text.length - gap.length)
  return room > 0 ? text + gap + timeBar(figures, room, isAscii) : text
}

/** Answers which concurrency to use; undefined if no level was measured. */
export function conclusion(levels: readonly Figures[]): string | undefined {
  const recommended = recommend(levels)
  if (!recommended) return undefined
  const { concurrency, flags, flagsPerSecond } = recommended
  const highest = Math.max(...levels.map((level) => highestOf(level.concurrency)))
  const rank = concurrency === 'auto' ? '' : 'the lowest level '
  const reason = levels.length > 1 ? `: it is ${rank}within ${goodEnough * 100}% of the best` : ''
  const more =
    concurrency === highest && highest < flags ? '; a higher one may be faster still' : ''
  return `Use --concurrency ${concurrency} against this server (${flagsPerSecond.toFixed(1)} flags/s)${reason}${more}`
}

function line(hasIdeal: boolean, cell: (column: Column) => string): string {
  const shown = hasIdeal ? columns : columns.slice(0, -1)
  return shown.map((column) => cell(column).padStart(column.width)).join('')
}

/** As long as the median time; the lowest level's is the full width, and an arrow marks a longer one. */
function timeBar({ speedUp }: Figures, width: number, isAscii: boolean): string {
  const [block, arrow] = isAscii ? ['#', '>'] : ['█', '►']
  const length = Math.max(1, Math.round(width / speedUp))
  return length > width ? block.repeat(width - 1) + arrow : block.repeat(length)
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(2)}s`
}
