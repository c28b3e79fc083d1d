import { downloadFrom } from '../../download/download-flags.js'
import type { FlagResult } from '../../download/result.js'
import { defaults, resolveSettings, type Settings } from '../../download/settings.js'
import { noColors, resultLine } from '../../report/format.js'
import type { Output } from '../../report/output.js'
import { spinWhile } from '../../report/spinner.js'
import { selectCodes } from '../../selection/select-codes.js'
import type { OpenSource } from '../../sources/open-source.js'
import type { BenchPrinter } from './output.js'
import type { BenchPlan } from './plan.js'
import { type Figures, figuresOf, type Measured } from './statistics.js'

/** Where the runs download from and to. */
interface Place {
  readonly origin: OpenSource
  readonly output: string
  /** Before each of its answers, where that is known and always the same. */
  readonly delayMs: number | undefined
}

/** What was measured, and whether that is all that was planned. */
export interface BenchOutcome {
  readonly levels: readonly Figures[]
  readonly isComplete: boolean
}

/** One more download; the words say which, while it is waited for. */
type Run = (concurrency: number, words: string) => Promise<TimedDownload>

/**
 * Measures the levels of a plan, the lowest first, and prints each when it is done. It stops where a
 * flag fails, and says so: the times would lie, and more requests would only strain the server.
 */
export async function measureLevels(
  plan: BenchPlan,
  { origin, output, delayMs }: Place,
  printer: BenchPrinter,
  stderr: Output,
  signal: AbortSignal,
): Promise<BenchOutcome> {
  const { codes } = selectCodes({ args: [], all: true, limit: plan.flags })
  const run: Run = (concurrency, words) =>
    spinWhile(timedDownload(codes, origin, { output, concurrency }, signal), words, stderr)

  const levels: Figures[] = []
  if (!(await isWarm(plan, run, stderr))) return { levels, isComplete: false }
  let lowest: Measured | undefined
  for (const concurrency of plan.levels) {
    const measured = await measureLevel(concurrency, plan, run, stderr)
    if (!measured) return { levels, isComplete: false }
    lowest ??= measured
    const figures = figuresOf(measured, lowest, delayMs)
    levels.push(figures)
    await printer.level(figures)
  }
  return { levels, isComplete: true }
}

/** The first run is not counted: caches fill and code is compiled, on both sides. False if it fails. */
async function isWarm({ levels }: BenchPlan, run: Run, stderr: Output): Promise<boolean> {
  const concurrency = Math.min(defaults.concurrency, levels.at(-1) ?? defaults.concurrency)
  const { results } = await run(concurrency, 'warming up')
  if (await hasFailed(results, 'the warm-up', stderr)) return false
  const missing = results.filter(({ status }) => status === 'not_found').length
  if (missing > 0) await stderr.write(`note: ${missing} of ${results.length} flags not found\n`)
  if (missing < results.length) return true
  await stderr.write('stopped in the warm-up: there is no flag to measure with\n')
  return false
}

/** The runs of one level; undefined where a flag failed in one of them. */
async function measureLevel(
  concurrency: number,
  { runs, flags }: BenchPlan,
  run: Run,
  stderr: Output,
): Promise<Measured | undefined> {
  const elapsedMs: number[] = []
  for (let number = 1; number <= runs; number++) {
    const words = `level ${concurrency}, run ${number} of ${runs}`
    const download = await run(concurrency, words)
    if (await hasFailed(download.results, words, stderr)) return undefined
    elapsedMs.push(download.elapsedMs)
  }
  return { concurrency, flags, elapsedMs }
}

/** Did a flag fail? Says which, and why. */
async function hasFailed(
  results: readonly FlagResult[],
  where: string,
  stderr: Output,
): Promise<boolean> {
  const failed = results.filter(({ status }) => status === 'failed')
  for (const result of failed) await stderr.write(`${resultLine(result, noColors)}\n`)
  if (failed.length === 0) return false
  await stderr.write(`stopped in ${where}: ${failed.length} of ${results.length} flags failed\n`)
  return true
}

/** A download that was measured. */
export interface TimedDownload {
  readonly elapsedMs: number
  readonly results: readonly FlagResult[]
}

/**
 * Downloads flags as `flags download` does and measures how long it takes. Each flag is one whole
 * request: nothing is asked for on condition, tried again, or looked for elsewhere. So the times can
 * be compared, and the server gets no more requests than it was said.
 */
export async function timedDownload(
  codes: readonly string[],
  origin: OpenSource,
  settings: Pick<Settings, 'output' | 'concurrency'>,
  signal: AbortSignal,
): Promise<TimedDownload> {
  const filled = resolveSettings({ ...settings, force: true, retries: 0, maxRedirects: 0 })
  const results: FlagResult[] = []
  const startedAt = performance.now()
  for await (const result of downloadFrom(origin, codes, filled, signal)) results.push(result)
  return { elapsedMs: performance.now() - startedAt, results }
}
