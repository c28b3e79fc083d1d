import type { HostPause } from '../download/download-context.js'
import { countsAsFailure, type FlagResult, type Tally } from '../download/result.js'
import { signalExitCodes } from '../exit-codes.js'
import { type Colors, colorsFor, hostPauseText, resultLine, summaryLine } from './format.js'
import type { Output } from './output.js'
import type { ProgressBar } from './progress-bar.js'
import { jsonWriter, pathWriter, type ResultWriter, type Summary } from './result-writers.js'
import { escapeControls } from './sanitize.js'

/** The options for what is shown. */
export interface ReportOptions {
  readonly json?: true | undefined
  readonly verbose?: true | undefined
  readonly quiet?: true | undefined
  readonly progress: boolean
  readonly color: boolean
}

/** The streams that a run is shown on. */
export interface ReportStreams {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: NodeJS.ProcessEnv
}

/** Shows a run: results to stdout for programs, messages and a bar to stderr for people. */
export type Reporter = Awaited<ReturnType<typeof createReporter>>

/** @param explicitCodes the codes that must be found */
export async function createReporter(
  options: ReportOptions,
  explicitCodes: ReadonlySet<string>,
  { stdout, stderr, env }: ReportStreams,
) {
  const isQuiet = options.quiet === true
  const colors: Colors = colorsFor(stderr.isTerminal, env, options.color)
  const writeResult = resultWriter(options, stdout)
  const startBar = await barStarter(options, stdout, stderr)
  let bar: ProgressBar | undefined

  const line = async (text: string) => {
    if (bar) bar.log(text)
    else await stderr.write(`${text}\n`)
  }
  return {
    start(total: number): void {
      bar = startBar?.(total)
    },
    /** @param tally with the result in it */
    async result(result: FlagResult, tally: Tally): Promise<void> {
      await writeResult?.({ type: 'flag', result })
      const hasNews = countsAsFailure(result, explicitCodes) || (!isQuiet && 'note' in result)
      if (options.verbose || hasNews) await line(resultLine(result, colors))
      bar?.update(tally)
    },
    hostPause(pause: HostPause): void {
      if (bar) bar.showStatus(hostPauseText(pause), pause.ms)
      else if (!isQuiet) void line(hostPauseText(pause))
    },
    warning(text: string): void {
      if (!isQuiet) void line(`note: ${escapeControls(text)}`)
    },
    /** The run was interrupted, and finishes what is under way. */
    stopping(): void {
      bar?.showStatus('stopping', Number.POSITIVE_INFINITY)
    },
    async end(summary: Summary): Promise<void> {
      await writeResult?.({ type: 'summary', summary })
      bar?.stop()
      bar = undefined
      // The error of a run that could not start says everything.
      const hasRun = summary.total > 0 || interruptedStatuses.has(summary.exitCode)
      if (!isQuiet && hasRun) await line(summaryLine(summary, colors))
    },
  }
}

const interruptedStatuses: ReadonlySet<number> = new Set(Object.values(signalExitCodes))

/** People at a terminal need no data on stdout, unless they ask for it. */
function resultWriter({ json }: ReportOptions, stdout: Output): ResultWriter | undefined {
  if (json) return jsonWriter(stdout)
  return stdout.isTerminal ? undefined : pathWriter(stdout)
}

async function barStarter(
  { json, quiet, progress }: ReportOptions,
  stdout: Output,
  stderr: Output,
): Promise<((total: number) => ProgressBar) | undefined> {
  // The rows of --json on the same terminal would be drawn into the bar.
  const isShared = json === true && stdout.isTerminal
  if (!progress || quiet || !stderr.canRedraw || isShared) return undefined
  // cli-progress is loaded only where there is a bar.
  const { startProgressBar } = await import('./progress-bar.js')
  return (total) => startProgressBar(total, stderr)
}
