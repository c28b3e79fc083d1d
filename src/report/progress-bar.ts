import cliProgress from 'cli-progress'
import { emptyTally, type Tally, tallyTotal } from '../download/result.js'
import { tallyText } from './format.js'
import type { Output } from './output.js'

/** A bar on the last line of a terminal; other lines are printed above it. */
export interface ProgressBar {
  /** Prints a line above the bar. */
  log(line: string): void
  update(tally: Tally): void
  /** Erases the bar. */
  stop(): void
}

export interface ProgressBarOptions {
  readonly total: number
  /** Draw the bar with ASCII characters only. */
  readonly isAscii: boolean
  /** What the run is waiting for, if anything; called for each redraw. */
  readonly waitingFor: () => string | undefined
}

/** Redraws a second, at most. */
const framesPerSecond = 10

const eraseLine = '\r\u001b[K'
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** Draws a bar until it is stopped. */
export function startProgressBar(options: ProgressBarOptions, output: Output): ProgressBar {
  const startedAt = performance.now()
  let tally: Tally = emptyTally
  let drawn = ''

  const bars = new cliProgress.MultiBar({
    stream: output.stream as NodeJS.WriteStream,
    fps: framesPerSecond,
    clearOnComplete: true,
    hideCursor: true,
    // The bar's line is cut to fit; the lines above it may wrap.
    linewrap: true,
    // A line printed above the bar erases it, so it is redrawn even where it has not changed.
    forceRedraw: true,
    format() {
      drawn = barLine({
        ...options,
        tally,
        elapsedMs: performance.now() - startedAt,
        waitingFor: options.waitingFor(),
        columns: output.columns(),
      })
      return drawn
    },
  })
  bars.create(options.total, 0)
  bars.update()

  const write = (text: string) => void output.stream.write(text)
  // A second Ctrl-C ends the process at once, and must not leave the cursor hidden.
  const onExit = () => write(`${showCursor}\n`)
  const onSuspend = () => {
    write(eraseLine + showCursor)
    // Without a listener, the signal has its default effect: it stops the process.
    process.off('SIGTSTP', onSuspend)
    process.kill(process.pid, 'SIGTSTP')
  }
  const onContinue = () => {
    process.on('SIGTSTP', onSuspend)
    write(hideCursor)
    bars.update()
  }
  // A narrower terminal has wrapped the line: the rows above the cursor are part of it.
  const onResize = () => {
    const rowsAbove = Math.ceil(drawn.length / output.columns()) - 1
    write(`\r${rowsAbove > 0 ? `\u001b[${rowsAbove}A` : ''}\u001b[J`)
    bars.update()
  }
  process.once('exit', onExit)
  process.on('SIGTSTP', onSuspend)
  process.on('SIGCONT', onContinue)
  output.stream.on('resize', onResize)

  return {
    log: (line) => bars.log(`${line}\n`),
    update(current) {
      tally = current
    },
    stop() {
      // Prints the lines that are still buffered; stop() alone would lose them.
      bars.update()
      bars.stop()
      process.off('exit', onExit)
      process.off('SIGTSTP', onSuspend)
      process.off('SIGCONT', onContinue)
      output.stream.off('resize', onResize)
    },
  }
}

/** What a bar's line shows. */
export interface BarState {
  readonly tally: Tally
  readonly total: number
  readonly elapsedMs: number
  readonly waitingFor: string | undefined
  readonly columns: number
  readonly isAscii: boolean
}

/** The width of the bar itself. */
const barColumns = { min: 8, max: 30 }

const gap = '  '

/** The bar's line, shortened to fit: the least important part goes first. */
export function barLine(state: BarState): string {
  const { tally, total, elapsedMs, waitingFor, columns, isAscii } = state
  const done = tallyTotal(tally)
  const share = total === 0 ? 1 : done / total
  const rate = (done * 1000) / Math.max(1, elapsedMs)
  const parts = {
    count: `${done}/${total}`,
    percentage: `${Math.floor(share * 100)}%`,
    elapsed: clockText(elapsedMs),
    rate: done > 0 ? `${rate.toFixed(1)}/s` : '',
    left: done > 0 && done < total ? `${Math.ceil((total - done) / rate)}s left` : '',
    tally: tallyText(tally),
    waitingFor: waitingFor ?? '',
  }
  // Three columns stay free: for the ^C or ^Z that a terminal echoes, without wrapping the line.
  const room = columns - 3
  for (const part of ['left', 'percentage', 'rate', 'tally', 'elapsed', 'waitingFor'] as const) {
    if (textOf(parts).length <= room) break
    parts[part] = ''
  }
  const text = textOf(parts)
  const width = Math.min(barColumns.max, room - text.length - 1)
  if (width >= barColumns.min) return `${bar(share, width, isAscii)} ${text}`
  return text.length <= room ? text : ''
}

function textOf(parts: Record<string, string>): string {
  return Object.values(parts)
    .filter((part) => part !== '')
    .join(gap)
}

function bar(share: number, width: number, isAscii: boolean): string {
  const full = Math.floor(share * width)
  const [filled, empty] = isAscii ? ['#', '-'] : ['█', '░']
  return filled.repeat(full) + empty.repeat(width - full)
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
