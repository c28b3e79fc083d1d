import cliProgress from 'cli-progress'
import { emptyTally, type Tally, tallyTotal } from '../download/result.js'
import { clockMs } from '../node.js'
import { tallyText } from './format.js'
import { eraseOnSuspend, type Output } from './output.js'
import type { Wait } from './waiting.js'

export type ProgressBar = ReturnType<typeof startProgressBar>

export interface ProgressBarOptions {
  readonly total: number
  /** What the run is waiting for, if anything; called for each redraw. */
  readonly waitingFor: () => Wait | undefined
  /** The current limit of `--concurrency auto`; called for each redraw. */
  readonly limit?: () => number | undefined
}

/** Redraws a second, at most. */
const framesPerSecond = 10

/** Erases the cursor's row and those below it. */
const eraseBelow = '\r\u001b[J'
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** Draws a bar on the last line of a terminal, below all other lines, until it is stopped. */
export function startProgressBar(options: ProgressBarOptions, output: Output) {
  const startedAt = clockMs()
  let tally: Tally = emptyTally
  const write = (text: string) => void output.stream.write(text)

  const bars = createBars(output, () =>
    barLine({
      ...options,
      tally,
      elapsedMs: clockMs() - startedAt,
      waitingFor: options.waitingFor(),
      limit: options.limit?.(),
      columns: output.columns(),
      isAscii: output.isAscii,
    }),
  )
  bars.create(options.total, 0)
  bars.update()

  const redraw = () => {
    write(hideCursor)
    bars.update()
  }
  const stopErasing = eraseOnSuspend(() => write(eraseBelow + showCursor), redraw)
  const onResize = () => {
    write(eraseBelow)
    bars.update()
  }
  output.stream.on('resize', onResize)

  return {
    /** Prints a line above the bar. */
    log: (line: string) => bars.log(`${line}\n`),
    update(current: Tally): void {
      tally = current
    },
    /** Erases the bar. */
    stop(): void {
      // Prints the lines that are still buffered; stop() alone would lose them.
      bars.update()
      bars.stop()
      stopErasing()
      output.stream.off('resize', onResize)
    },
  }
}

function createBars({ stream }: Output, format: () => string): cliProgress.MultiBar {
  const bars = new cliProgress.MultiBar({
    stream: stream as NodeJS.WriteStream,
    fps: framesPerSecond,
    clearOnComplete: true,
    hideCursor: true,
    // The bar's line is cut to fit; the lines above it may wrap.
    linewrap: true,
    // A line printed above the bar erases it, so it is redrawn even where it has not changed.
    forceRedraw: true,
    format,
  })
  // A redraw is one write, so that it is never seen in part.
  bars.on('update-pre', () => stream.cork())
  bars.on('redraw-post', () => {
    // The cursor stays at the start of the line: a terminal that gets narrower wraps the line again, and
    // moves the cursor with it.
    stream.write('\r')
    stream.uncork()
  })
  return bars
}

/** What a bar's line shows. */
export interface BarState {
  readonly tally: Tally
  readonly total: number
  readonly elapsedMs: number
  readonly waitingFor: Wait | undefined
  readonly limit?: number | undefined
  readonly columns: number
  readonly isAscii: boolean
}

/**
 * The bar's line, shortened to fit: the least important part is removed first. The width of the bar, and of
 * the numbers beside it, does not depend on what else is shown, so that nothing jumps.
 */
export function barLine(state: BarState): string {
  const { tally, total, elapsedMs, waitingFor, limit, columns, isAscii } = state
  const done = tallyTotal(tally)
  const share = total === 0 ? 1 : done / total
  const rate = (done * 1000) / Math.max(1, elapsedMs)
  // Rounded up: 0:00 left would be wrong.
  const leftMs = Math.ceil((total - done) / rate) * 1000
  const parts = {
    count: `${String(done).padStart(String(total).length)}/${total}`,
    percentage: `${Math.floor(share * 100)}%`.padStart(4),
    elapsed: clockText(elapsedMs),
    rate: done > 0 ? `${rate.toFixed(1)}/s`.padStart(6) : '',
    limit: limit === undefined ? '' : `auto ${limit}`,
    left: done > 0 && done < total ? `${clockText(leftMs)} left` : '',
    tally: tallyText(tally),
    waitingFor: waitingFor?.text ?? '',
  }
  // The last column stays free: some terminals wrap when it is written.
  const drawn = bar(share, barWidth(columns), isAscii)
  const room = columns - 1 - drawn.length
  for (const shorter of shortenings(waitingFor)) {
    if (textOf(parts).length <= room) break
    Object.assign(parts, shorter)
  }
  const text = textOf(parts)
  return text.length <= room ? drawn + text : ''
}

/** What to shorten if there is not enough room, one step after the other. */
function shortenings(waitingFor: Wait | undefined) {
  return [
    { left: '' },
    { percentage: '' },
    { waitingFor: waitingFor?.short ?? '' },
    { rate: '' },
    { limit: '' },
    { tally: '' },
    { waitingFor: '' },
    { elapsed: '' },
  ]
}

/** No bar in a narrow terminal; 14 columns of 80, 30 at the most. */
function barWidth(columns: number): number {
  const width = Math.min(30, Math.floor(columns / 4) - 6)
  return width < 8 ? 0 : width
}

const gap = '  '

function textOf(parts: Record<string, string>): string {
  return Object.values(parts)
    .filter((part) => part !== '')
    .join(gap)
}

/** With a space behind it; empty if it has no width. */
function bar(share: number, width: number, isAscii: boolean): string {
  if (width === 0) return ''
  const full = Math.floor(share * width)
  const [filled, empty] = isAscii ? ['#', '-'] : ['█', '░']
  return `${filled.repeat(full)}${empty.repeat(width - full)} `
}

/** `0:03`, `12:34`, `1:02:03`. */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const end = twoDigits(seconds % 60)
  return hours > 0 ? `${hours}:${twoDigits(minutes % 60)}:${end}` : `${minutes}:${end}`
}
