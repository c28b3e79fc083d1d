import type { AttemptEnd, ConcurrencyChange, HostPause } from '../download/download-context.js'
import { countsAsFailure, type FlagResult, type Summary, type Tally } from '../download/result.js'
import { signalExitCodes } from '../exit-codes.js'
import type { ResponseEvent } from '../http/get.js'
import { clockMs } from '../node.js'
import {
  ansiColors,
  attemptLine,
  concurrencyLine,
  hostPauseText,
  interruptedLine,
  namingNote,
  noColors,
  responseLine,
  resultLine,
  summaryLine,
} from './format.js'
import { escapeControls, type Output, toJsonLine } from './output.js'
import type { ProgressBar } from './progress-bar.js'
import { type Activity, createActivity } from './waiting.js'

/** The options for what is shown. */
export interface ReportOptions {
  readonly json?: true | undefined
  readonly verbose?: true | undefined
  readonly quiet?: true | undefined
  readonly progress: boolean
  /** Also show every request. */
  readonly debug?: boolean | undefined
}

/** The streams that a run is shown on. */
export interface ReportStreams {
  readonly stdout: Output
  readonly stderr: Output
  hasColor(output: Output): boolean
}

/**
 * Shows a run: results to stdout for programs, messages and a bar to stderr for people.
 *
 * @param explicitCodes the codes that must be found
 */
export async function createReporter(
  options: ReportOptions,
  explicitCodes: ReadonlySet<string>,
  { stdout, stderr, hasColor }: ReportStreams,
) {
  const colors = hasColor(stderr) ? ansiColors : noColors
  const activity = createActivity(clockMs())
  const display = createDisplay(await barStarter(options, stdout, stderr), activity, stderr)
  let hasNamingNote = options.quiet === true || options.verbose === true
  return {
    start: display.start,
    stopping: activity.stopping,
    ...eventListeners(options, activity, display),
    /** @param tally with the result in it */
    async result(result: FlagResult, tally: Tally): Promise<void> {
      activity.flagEnded(clockMs())
      const record = recordOf(result, options, stdout)
      if (record !== undefined) await stdout.write(`${record}\n`)
      const isShown = options.verbose || countsAsFailure(result, explicitCodes)
      if (isShown) await display.line(resultLine(result, colors))
      if (!hasNamingNote && 'note' in result && result.note !== undefined) {
        hasNamingNote = true
        await display.line(namingNote(result.code, result.note))
      }
      display.update(tally)
    },
    async end(summary: Summary): Promise<void> {
      if (options.json) await stdout.write(`${jsonSummary(summary)}\n`)
      const hadBar = display.hasBar()
      display.stop()
      if (options.quiet) return
      if (isInterrupted(summary)) {
        // Without a bar, the ^C that a terminal echoes is still on this line.
        const lineEnd = stderr.isTerminal && !hadBar ? '\n' : ''
        await display.line(lineEnd + interruptedLine(summary, colors))
      }
      // The error of a run that could not start says everything.
      else if (summary.total > 0) await display.line(summaryLine(summary, colors))
    },
  }
}

type Display = ReturnType<typeof createDisplay>

/** Lines on stderr, above the bar where there is one. */
function createDisplay(
  startBar: Awaited<ReturnType<typeof barStarter>>,
  { waitingFor }: Activity,
  stderr: Output,
) {
  let bar: ProgressBar | undefined
  let limit: number | undefined
  return {
    start(total: number): void {
      const options = { total, waitingFor: () => waitingFor(clockMs()), limit: () => limit }
      bar = startBar?.(options, stderr)
    },
    hasBar: () => bar !== undefined,
    async line(text: string): Promise<void> {
      if (bar) bar.log(text)
      else await stderr.write(`${text}\n`)
    },
    update: (tally: Tally) => bar?.update(tally),
    limitTo(to: number): void {
      limit = to
    },
    stop(): void {
      bar?.stop()
      bar = undefined
    },
  }
}

/** Shows the events of a run that the options ask for. */
function eventListeners(
  { verbose, quiet, debug }: ReportOptions,
  activity: Activity,
  display: Display,
) {
  const line = (text: string) => void display.line(text)
  return {
    onAttemptStart: activity.attemptStarted,
    onAttemptEnd(end: AttemptEnd): void {
      activity.attemptEnded(end)
      // The last attempt's outcome is in the line of the flag's result.
      const isRetried = end.retryInMs !== undefined
      if (debug) line(`debug: ${attemptLine(end, { withUrl: true })}`)
      else if (verbose && isRetried) line(attemptLine(end))
    },
    onResponse(response: ResponseEvent): void {
      if (debug) line(`debug: ${responseLine(response)}`)
    },
    onHostPause(pause: HostPause): void {
      activity.hostPaused(pause, clockMs())
      if (!display.hasBar() && !quiet) line(hostPauseText(pause))
    },
    onWarning(text: string): void {
      if (!quiet) line(`note: ${escapeControls(text)}`)
    },
    onConcurrencyChange(change: ConcurrencyChange): void {
      display.limitTo(change.limit)
      if (verbose || debug) line(concurrencyLine(change))
    },
  }
}

function isInterrupted({ exitCode }: Summary): boolean {
  return Object.values(signalExitCodes).includes(exitCode)
}

/** A result for programs: JSON, or the path of a flag in place; undefined for people at a terminal. */
function recordOf(result: FlagResult, { json }: ReportOptions, stdout: Output): string | undefined {
  if (json) return toJsonLine({ type: 'flag', ...result })
  return 'path' in result && !stdout.isTerminal ? result.path : undefined
}

function jsonSummary({ output: _, selected, total, ...summary }: Summary): string {
  const { server, concurrency, concurrencyPeak, concurrencyLast, ...rest } = summary
  const { durationMs, exitCode, ...tally } = rest
  const limits = { concurrency, concurrencyPeak, concurrencyLast }
  // Only where the run ended early: otherwise each flag that was selected has a result.
  const all = total < selected ? { selected, total } : { total }
  const facts = { server, ...limits, ...all, ...tally, durationMs, exitCode }
  return toJsonLine({ type: 'summary', ...facts })
}

async function barStarter(
  { json, quiet, progress }: ReportOptions,
  stdout: Output,
  stderr: Output,
) {
  if (!progress || quiet || !stderr.canRedraw) return undefined
  // A pipe may end at this terminal, as --json does: its lines would be drawn into the bar.
  if (stdout.isPipe() || (json === true && stdout.isTerminal)) return undefined
  // cli-progress is loaded only where there is a bar.
  const { startProgressBar } = await import('./progress-bar.js')
  return startProgressBar
}
