import { isMissing } from '../download/result.js'
import { interruptSignals } from '../endings/interrupt.js'
import type { Colour } from './colour.js'
import { resultLine, summaryLine, waitLine } from './lines.js'
import { printable } from './printable.js'
import type { Reporter } from './reporter.js'
import type { Screen } from './screen.js'

/** How much people want to read. */
export type Verbosity = 'quiet' | 'normal' | 'verbose'

/** Tells people, on stderr. `named` are the codes whose flags must not be missing. */
export function peopleReporter(
  screen: Screen,
  colour: Colour,
  verbosity: Verbosity,
  named: ReadonlySet<string>,
): Reporter {
  const isQuiet = verbosity === 'quiet'
  return {
    start(total) {
      if (!isQuiet) screen.start(total)
    },
    async result(result, tally) {
      const isTelling = isMissing(result, named) || (!isQuiet && 'note' in result)
      if (verbosity === 'verbose' || isTelling) await screen.line(resultLine(result, colour))
      screen.progress(tally)
    },
    wait(wait) {
      if (!isQuiet) screen.waiting(waitLine(wait), wait.ms)
    },
    notice(text) {
      if (!isQuiet) void screen.line(`note: ${printable(text)}`)
    },
    stopping() {
      if (!isQuiet) screen.stopping()
    },
    async end(summary) {
      screen.close()
      // Of a run that could not start, the error says it all.
      const hasRun = summary.total > 0 || interrupted.has(summary.exitCode)
      if (!isQuiet && hasRun) await screen.line(summaryLine(summary, colour))
    },
  }
}

const interrupted: ReadonlySet<number> = new Set(Object.values(interruptSignals))
