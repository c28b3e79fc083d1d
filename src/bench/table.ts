import { type Figures, goodEnough } from './statistics.js'

interface Column {
  readonly title: string
  readonly width: number
  readonly text: (figures: Figures) => string
}

const columns: readonly Column[] = [
  { title: 'level', width: 5, text: ({ concurrency }) => `${concurrency}` },
  { title: 'median', width: 10, text: ({ medianMs }) => secondsText(medianMs) },
  { title: 'min', width: 10, text: ({ minMs }) => secondsText(minMs) },
  { title: 'flags/s', width: 10, text: ({ flagsPerSecond }) => flagsPerSecond.toFixed(1) },
  { title: 'speed-up', width: 10, text: ({ speedUp }) => `${speedUp.toFixed(1)}x` },
]

const idealColumn: Column = {
  title: 'of ideal',
  width: 10,
  text: ({ shareOfIdeal = Number.NaN }) => `${Math.round(shareOfIdeal * 100)}%`,
}

const widestBar = 30
const gap = '  '

/** The table's first line; `hasIdeal` where the ideal time is known. */
export function tableHeader(hasIdeal: boolean): string {
  return line(hasIdeal, ({ title }) => title)
}

/** A level's line. Where there is room for it (columns; 0 for no bar), a bar shows its median time. */
export function tableRow(figures: Figures, terminalColumns: number): string {
  const text = line(figures.shareOfIdeal !== undefined, (column) => column.text(figures))
  // One column stays free: some terminals wrap when the last one is written.
  const room = Math.min(widestBar, terminalColumns - 1 - text.length - gap.length)
  return room > 0 ? text + gap + timeBar(figures, room) : text
}

/** Answers which concurrency to use; `highest` is the highest level that was measured. */
export function conclusion(recommended: Figures, highest: number): string {
  const { concurrency, flags, flagsPerSecond } = recommended
  const share = `${goodEnough * 100}%`
  const more =
    concurrency === highest && highest < flags ? '; a higher one may be faster still' : ''
  return `Use --concurrency ${concurrency} against this server: ${flagsPerSecond.toFixed(1)} flags/s, the lowest level within ${share} of the best${more}`
}

function line(hasIdeal: boolean, text: (column: Column) => string): string {
  return (hasIdeal ? [...columns, idealColumn] : columns)
    .map((column) => text(column).padStart(column.width))
    .join('')
}

/** As long as the median time, the lowest level's being the whole; an arrow stands for what is longer. */
function timeBar({ speedUp }: Figures, width: number): string {
  const length = Math.max(1, Math.round(width / speedUp))
  return length > width ? `${'█'.repeat(width - 1)}►` : '█'.repeat(length)
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(2)}s`
}
