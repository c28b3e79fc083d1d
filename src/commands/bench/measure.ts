import { downloadFrom } from '../../download/download-flags.js'
import type { FlagResult } from '../../download/result.js'
import { type Concurrency, defaults, type Settings } from '../../download/settings.js'
import { Interrupt } from '../../errors.js'
import { clockMs } from '../../node.js'
import { noColors, resultLine } from '../../report/format.js'
import { spinWhile } from '../../report/waiting.js'
import { selectCodes } from '../../selection/select-codes.js'
import type { OpenSource } from '../../sources/open-source.js'
import type { CommandContext } from '../command.js'
import type { BenchRecorder, RunRecorder } from '../timeline.js'
import type { BenchPrinter } from './output.js'
import { type Figures, figuresOf, type Measured } from './statistics.js'

/** What to measure. */
export interface BenchPlan {
  /** The numbers of parallel requests. */
  readonly levels: readonly Concurrency[]
  /** How often each level is measured. */
  readonly runs: number
  /** How many flags a run downloads. */
  readonly flags: number
}

/** What to measure, and with what. */
export interface Measurement {
  readonly plan: BenchPlan
  readonly source: OpenSource
  /** One request per flag: nothing conditional, retried or redirected, so that times are comparable. */
  readonly settings: Settings
  /** Before each answer, if it is known and constant. */
  readonly delayMs: number | undefined
  /** Set if the runs are recorded. */
  readonly recorder?: BenchRecorder | undefined
}

/** What was measured, and whether that is everything planned. */
export interface BenchOutcome {
  readonly levels: readonly Figures[]
  readonly isComplete: boolean
}

/**
 * Measures the levels of a plan, the lowest first, and prints each when it is done. It stops where a
 * flag fails: the times would be wrong, and more requests would only strain the server.
 */
export async function measureLevels(
  measurement: Measurement,
  printer: BenchPrinter,
  context: CommandContext,
): Promise<BenchOutcome> {
  const { plan, delayMs, recorder } = measurement
  const run = timedRun(measurement, context)
  const levels: Figures[] = []
  try {
    if (!(await warmUp(plan, run, context))) return { levels, isComplete: false }
    let lowest: Measured | undefined
    for (const concurrency of plan.levels) {
      const measured = await measureLevel(concurrency, plan, run, recorder)
      if (!measured) return { levels, isComplete: false }
      lowest ??= measured
      const figures = figuresOf(measured, lowest, delayMs)
      levels.push(figures)
      await printer.level(figures)
    }
    return { levels, isComplete: true }
  } catch (error) {
    if (error instanceof Interrupt) {
      const measured = `${levels.length} of ${plan.levels.length} levels measured`
      await context.stderr.write(`Interrupted: ${measured}.\n`)
    }
    throw error
  }
}

type TimedRun = ReturnType<typeof timedRun>

/** A download that can be repeated; it resolves to undefined if a flag failed. */
function timedRun({ plan, source, settings }: Measurement, { stderr, signal }: CommandContext) {
  const { codes } = selectCodes({ args: [], all: true, limit: plan.flags })
  const download = async (concurrency: Concurrency, recorder?: RunRecorder) => {
    // It finds the limit by being rejected.
    const retries = concurrency === 'auto' ? defaults.retries : settings.retries
    const results: FlagResult[] = []
    const startedAt = clockMs()
    const run = downloadFrom(codes, {
      source,
      settings: { ...settings, concurrency, retries },
      signal,
      events: recorder ?? {},
    })
    for await (const result of run) results.push(result)
    recorder?.end(results)
    return { elapsedMs: clockMs() - startedAt, results }
  }
  /** @param message names the download while it runs */
  return async (concurrency: Concurrency, message: string, recorder?: RunRecorder) => {
    const timed = await spinWhile(download(concurrency, recorder), message, stderr)
    const failed = timed.results.filter(({ status }) => status === 'failed')
    for (const result of failed) await stderr.write(`${resultLine(result, noColors)}\n`)
    if (failed.length === 0) return timed
    await stderr.write(
      `stopped during ${message}: ${failed.length} of ${codes.length} flags failed\n`,
    )
    return undefined
  }
}

/** The first run does not count: it fills caches and compiles code on both sides. False if it fails. */
async function warmUp(
  { levels }: BenchPlan,
  run: TimedRun,
  { stderr }: CommandContext,
): Promise<boolean> {
  const concurrency = warmUpLevel(levels)
  const timed = await run(concurrency, 'the warm-up')
  if (!timed) return false
  const missing = timed.results.filter(({ status }) => status === 'not_found').length
  if (missing > 0)
    await stderr.write(`note: ${missing} of ${timed.results.length} flags not found\n`)
  if (missing < timed.results.length) return true
  await stderr.write('stopped during the warm-up: the server has none of the flags\n')
  return false
}

/** The default concurrency, unless every level is lower. */
function warmUpLevel(levels: readonly Concurrency[]): number {
  const numbers = levels.filter((level) => level !== 'auto')
  return Math.min(defaults.concurrency, numbers.at(-1) ?? defaults.concurrency)
}

/** The runs of one level; undefined if a flag failed in one of them. */
async function measureLevel(
  concurrency: Concurrency,
  { runs, flags }: BenchPlan,
  run: TimedRun,
  recorder: BenchRecorder | undefined,
): Promise<Measured | undefined> {
  const elapsedMs: number[] = []
  for (let number = 1; number <= runs; number++) {
    const message = `level ${concurrency}, run ${number} of ${runs}`
    const timed = await run(concurrency, message, recorder?.start(concurrency))
    if (!timed) return undefined
    elapsedMs.push(timed.elapsedMs)
  }
  return { concurrency, flags, elapsedMs }
}
