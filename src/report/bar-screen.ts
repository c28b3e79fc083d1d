import cliProgress from 'cli-progress'
import { emptyTally, type Tally, total as totalOf } from '../download/tally.js'
import { barLine } from './bar-line.js'
import type { Output } from './output.js'
import type { Screen } from './screen.js'

/** Redraws a second, at most. */
const framesPerSecond = 10

/** A bar on the last line of the terminal; lines are printed above it. */
export function barScreen(output: Output): Screen {
  let tally: Tally = emptyTally
  let waiting: { text: string; until: number } | undefined

  const bars = new cliProgress.MultiBar({
    stream: output.stream,
    fps: framesPerSecond,
    clearOnComplete: true,
    hideCursor: true,
    // The bar's line is made to fit, and what is printed above it may wrap as ever.
    linewrap: true,
    etaBuffer: 50,
    // After a line was printed above it, the bar has to be drawn anew even where it has not changed.
    forceRedraw: true,
    format: (_options, { total, eta }) =>
      barLine({
        tally,
        total,
        secondsLeft: eta,
        waiting: waiting && performance.now() < waiting.until ? waiting.text : undefined,
        columns: output.columns(),
      }),
  })
  let bar: cliProgress.SingleBar | undefined
  // A second Ctrl-C ends the process at once, and must not leave the cursor hidden.
  const showCursor = () => void output.write('\u001b[?25h\n')

  return {
    start(total) {
      process.once('exit', showCursor)
      bar = bars.create(total, 0)
      bars.update()
    },
    async line(text) {
      if (bars.isActive) bars.log(`${text}\n`)
      else await output.write(`${text}\n`)
    },
    progress(current) {
      tally = current
      bar?.update(totalOf(tally))
    },
    waiting(text, ms) {
      waiting = { text, until: performance.now() + ms }
    },
    stopping() {
      waiting = { text: 'stopping', until: Number.POSITIVE_INFINITY }
      bars.update()
    },
    close() {
      if (!bars.isActive) return
      // Prints the lines that are still to be printed; stop() alone would lose them.
      bars.update()
      bars.stop()
      process.off('exit', showCursor)
    },
  }
}
