import cliProgress from 'cli-progress'
import { emptyTally, type Tally, tallyTotal } from '../download/result.js'
import { tallyText } from './format.js'
import type { Output } from './output.js'

/** A bar on the last line of a terminal; other lines are printed above it. */
export interface ProgressBar {
  /** Prints a line above the bar. */
  log(line: string): void
  update(tally: Tally): void
  /** Shows a text in place of the tally, until `ms` have passed. */
  showStatus(text: string, ms: number): void
  /** Erases the bar. */
  stop(): void
}

/** Redraws a second, at most. */
const framesPerSecond = 10

/** Draws a bar for `total` flags. */
export function startProgressBar(total: number, output: Output): ProgressBar {
  let tally: Tally = emptyTally
  let status: { text: string; until: number } | undefined

  const bars = new cliProgress.MultiBar({
    stream: output.stream as NodeJS.WriteStream,
    fps: framesPerSecond,
    clearOnComplete: true,
    hideCursor: true,
    // The bar's line is cut to fit; the lines above it may wrap.
    linewrap: true,
    etaBuffer: 50,
    // A line printed above the bar erases it, so it is redrawn even where it has not changed.
    forceRedraw: true,
    format: (_options, { eta }) =>
      barLine({
        tally,
        total,
        secondsLeft: eta,
        status: status && performance.now() < status.until ? status.text : undefined,
        columns: output.columns(),
      }),
  })
  const bar = bars.create(total, 0)
  bars.update()
  // A second Ctrl-C ends the process at once, and must not leave the cursor hidden.
  const showCursor = () => void output.write('\u001b[?25h\n')
  process.once('exit', showCursor)

  return {
    log: (line) => bars.log(`${line}\n`),
    update(current) {
      tally = current
      bar.update(tallyTotal(tally))
    },
    showStatus(text, ms) {
      status = { text, until: performance.now() + ms }
      bars.update()
    },
    stop() {
      // Prints the lines that are still buffered; stop() alone would lose them.
      bars.update()
      bars.stop()
      process.off('exit', showCursor)
    },
  }
}

/** What a bar's line shows. */
export interface BarState {
  readonly tally: Tally
  readonly total: number
  /** As cli-progress estimates it; not finite at the start. */
  readonly secondsLeft: number
  /** Shown in place of the tally. */
  readonly status: string | undefined
  readonly columns: number
}

/** The width of the bar itself. */
const barColumns = { min: 8, max: 30 }

/** The bar's line, shortened to fit: the least important part goes first. */
export function barLine({ tally, total, secondsLeft, status, columns }: BarState): string {
  const done = tallyTotal(tally)
  const share = total === 0 ? 1 : done / total
  const count = `${done}/${total}`
  const percentage = `${Math.floor(share * 100)}%`
  const left = Number.isFinite(secondsLeft) && done < total ? `${Math.ceil(secondsLeft)}s left` : ''
  const state = status ?? tallyText(tally)

  // One column stays free: some terminals wrap when the last one is written.
  const room = columns - 1
  const text = [count, percentage, left, state].filter(Boolean).join('  ')
  const width = Math.min(barColumns.max, room - text.length - 1)
  if (width >= barColumns.min) return `${bar(share, width)} ${text}`
  return [text, [count, state].join('  '), count].find((line) => line.length <= room) ?? ''
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
