import { resolveSettings } from '../../download/resolve-settings.js'
import { shortened, UsageError } from '../../errors.js'
import { exitCode } from '../../exit-codes.js'
import { imageFormats } from '../../images/format.js'
import { escapeControls } from '../../report/output.js'
import { openSource } from '../../sources/open-source.js'
import type { Source } from '../../sources/source.js'
import { withTempFolder } from '../../store/folder.js'
import type { CommandContext } from '../command.js'
import type { TimelineFile } from '../options.js'
import { type BenchPlan, measureLevels } from './measure.js'
import { jsonPrinter, tablePrinter } from './output.js'
import { highestOf } from './statistics.js'

/** The options of a bench. */
export interface BenchOptions extends BenchPlan {
  /** The server to measure. Default: the embedded one, with `delayMs` before each answer. */
  readonly server?: Source | undefined
  readonly delayMs: number
  /** The maximum number of requests to a server other than the embedded one. */
  readonly maxRequests: number
  readonly json?: true | undefined
  /** Also write a page of the runs there. */
  readonly timeline?: TimelineFile | undefined
}

/**
 * Downloads the same flags at several levels of concurrency to a temporary folder, prints how long each
 * level takes and which to use, and resolves to the exit status.
 */
export async function bench(options: BenchOptions, context: CommandContext): Promise<number> {
  const { stdout, stderr } = context
  const plan = planBench(options)
  const server = options.server ?? delayedServer(options.delayMs)
  if (server.kind === 'remote') await announce(server, plan, options.maxRequests, context)
  const { flags, runs, levels, omittedLevels } = plan
  if (omittedLevels.length > 0) {
    await stderr.write(
      `note: levels above the number of flags (${flags}) omitted: ${omittedLevels.join(', ')}\n`,
    )
  }
  await stderr.write(
    `flags in each run: ${flags}, runs at each level: ${runs}; speed-up is relative to level ${levels[0]}\n`,
  )

  const delayMs = options.server ? undefined : options.delayMs
  const printer = options.json ? jsonPrinter(stdout) : tablePrinter(stdout)
  const recorder = options.timeline && (await recorderTo(options.timeline, server))
  const outcome = await withTempFolder(async (output) => {
    const settings = resolveSettings({ server, output, force: true, retries: 0, maxRedirects: 0 })
    const source = await openSource(settings, context.env)
    try {
      return await measureLevels({ plan, source, settings, delayMs, recorder }, printer, context)
    } finally {
      await source.close()
    }
  }).catch(async (error) => {
    // The error that ended the bench takes precedence over that of its timeline.
    await recorder?.write().catch(() => {})
    throw error
  })
  await recorder?.write()
  const status = outcome.isComplete ? exitCode.ok : exitCode.flagsMissing
  const summary = { server: server.label, delayMs, flags, runs, levels: outcome.levels }
  await printer.end({ ...summary, exitCode: status })
  return status
}

/** Loaded only if it is needed. */
async function recorderTo(file: TimelineFile, { label }: Source) {
  const { recordBench } = await import('../timeline.js')
  return recordBench(file, label)
}

/** The embedded server, with the same delay before each answer. */
function delayedServer(delayMs: number): Source {
  const faults = { delayMs: [delayMs, delayMs] as const }
  return { kind: 'embedded', label: 'local', formats: imageFormats, faults }
}

/** Warns of a bench against a server other than the embedded one, and refuses a large one without `--yes`. */
async function announce(
  server: Source,
  plan: BenchPlan,
  maxRequests: number,
  { stderr }: CommandContext,
): Promise<void> {
  const requests = requestsOf(plan)
  const label = shortened(server.label)
  if (requests > maxRequests) {
    throw new UsageError(
      `this bench would send ${requests} requests to ${label}: confirm with --yes, or reduce --levels, --runs or --limit (to ${maxRequests} requests at most)`,
    )
  }
  const warning = `warning: this bench sends ${requests} requests to ${label}, up to ${Math.max(...plan.levels.map(highestOf))} at once; measure only servers you have permission to load`
  await stderr.write(`${escapeControls(warning)}\n`)
}

/**
 * Sorts the levels, `auto` last, and omits those above the number of flags, which would open no more requests
 * than there are flags. Throws UsageError if none is left.
 */
export function planBench({ levels, runs, flags }: BenchPlan) {
  const fixed = [...new Set(levels)].filter((level) => level !== 'auto')
  const ascending = fixed.sort((a, b) => a - b)
  const fitting = ascending.filter((level) => level <= flags)
  const adaptive = levels.filter((level) => level === 'auto').slice(0, 1)
  if (fitting.length + adaptive.length === 0) {
    throw new UsageError(
      `level ${ascending[0]} is above the number of flags (${flags}): raise --limit or lower --levels`,
    )
  }
  const omittedLevels = ascending.slice(fitting.length)
  return { levels: [...fitting, ...adaptive], runs, flags, omittedLevels }
}

/** All requests of a bench: one for each flag of each run, and of the warm-up. */
export function requestsOf({ levels, runs, flags }: BenchPlan): number {
  return (levels.length * runs + 1) * flags
}
