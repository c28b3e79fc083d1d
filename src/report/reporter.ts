import { clockMs } from '../clock.js'
import type { AttemptEnd, ConcurrencyChange, HostPause } from '../download/download-context.js'
import { countsAsFailure, type FlagResult, type Tally } from '../download/result.js'
import { signalExitCodes } from '../exit-codes.js'
import type { ResponseEvent } from '../http/get.js'
import { createActivity, type Wait } from './activity.js'
import {
  ansiColors,
  attemptLine,
  concurrencyLine,
  hostPauseText,
  interruptedLine,
  noColors,
  responseLine,
  resultLine,
  summaryLine,
} from './format.js'
import { escapeControls, type Output } from './output.js'
import type { ProgressBar } from './progress-bar.js'
import { jsonWriter, pathWriter, type ResultWriter, type Summary } from './result-writers.js'

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

const stopping: Wait = { text: 'stopping', short: 'stopping' }

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
  const isQuiet = options.quiet === true
  const colors = hasColor(stderr) ? ansiColors : noColors
  const writeResult = resultWriter(options, stdout)
  const startBar = await barStarter(options, stdout, stderr)
  const activity = createActivity(clockMs())
  let bar: ProgressBar | undefined
  let isStopping = false
  let limit: number | undefined

  const line = async (text: string) => {
    if (bar) bar.log(text)
    else await stderr.write(`${text}\n`)
  }
  const waitingFor = () => (isStopping ? stopping : activity.waitingFor(clockMs()))
  return {
    start(total: number): void {
      bar = startBar?.({ total, waitingFor, limit: () => limit })
    },
    /** @param tally with the result in it */
    async result(result: FlagResult, tally: Tally): Promise<void> {
      activity.flagEnded(clockMs())
      await writeResult?.({ type: 'flag', result })
      const hasNews = countsAsFailure(result, explicitCodes) || (!isQuiet && 'note' in result)
      if (options.verbose || hasNews) await line(resultLine(result, colors))
      bar?.update(tally)
    },
    onAttemptStart: activity.attemptStarted,
    onAttemptEnd(end: AttemptEnd): void {
      activity.attemptEnded(end)
      // The last attempt's outcome is in the line of the flag's result.
      const isRetried = end.retryInMs !== undefined
      if (options.debug) void line(`debug: ${attemptLine(end, { withUrl: true })}`)
      else if (options.verbose && isRetried) void line(attemptLine(end))
    },
    onResponse(response: ResponseEvent): void {
      if (options.debug) void line(`debug: ${responseLine(response)}`)
    },
    onHostPause(pause: HostPause): void {
      activity.hostPaused(pause, clockMs())
      if (!bar && !isQuiet) void line(hostPauseText(pause))
    },
    onWarning(text: string): void {
      if (!isQuiet) void line(`note: ${escapeControls(text)}`)
    },
    onConcurrencyChange(change: ConcurrencyChange): void {
      limit = change.limit
      if (options.verbose || options.debug) void line(concurrencyLine(change))
    },
    /** The run was interrupted, and finishes what is under way. */
    stopping(): void {
      isStopping = true
    },
    async end(summary: Summary): Promise<void> {
      await writeResult?.({ type: 'summary', summary })
      const hadBar = bar !== undefined
      bar?.stop()
      bar = undefined
      if (isQuiet) return
      if (isInterrupted(summary)) {
        // Without a bar, the ^C that a terminal echoes is still on this line.
        const lineEnd = stderr.isTerminal && !hadBar ? '\n' : ''
        await line(lineEnd + interruptedLine(summary, colors))
      }
      // The error of a run that could not start says everything.
      else if (summary.total > 0) await line(summaryLine(summary, colors))
    },
  }
}

function isInterrupted({ exitCode }: Summary): boolean {
  return Object.values(signalExitCodes).includes(exitCode)
}

/** People at a terminal need no data on stdout, unless they ask for it. */
function resultWriter({ json }: ReportOptions, stdout: Output): ResultWriter | undefined {
  if (json) return jsonWriter(stdout)
  return stdout.isTerminal ? undefined : pathWriter(stdout)
}

async function barStarter(
  { json, quiet, progress }: ReportOptions,
  stdout: Output,
  stderr: Output,
) {
  if (!progress || quiet || !stderr.canRedraw) return undefined
  // The end of a pipe may be the same terminal, and so may be that of --json: rows would be drawn into the bar.
  if (stdout.isPipe() || (json === true && stdout.isTerminal)) return undefined
  // cli-progress is loaded only where there is a bar.
  const { startProgressBar } = await import('./progress-bar.js')
  return (options: Parameters<typeof startProgressBar>[0]) => startProgressBar(options, stderr)
}
