import { resolveSettings } from '../../download/settings.js'
import { UsageError } from '../../errors.js'
import { exitCode } from '../../exit-codes.js'
import { imageFormats } from '../../images/format.js'
import { escapeControls } from '../../report/sanitize.js'
import { openSource } from '../../sources/open-source.js'
import type { Source } from '../../sources/parse-source.js'
import { withTempFolder } from '../../store/temp-folder.js'
import type { CommandContext } from '../context.js'
import { measureLevels } from './measure.js'
import { jsonPrinter, tablePrinter } from './output.js'
import { type BenchPlan, maxRequestsWithoutYes, planBench, requestsOf } from './plan.js'

/** The options of a bench. */
export interface BenchOptions extends BenchPlan {
  /** The server to measure. Default: the embedded one, with `delayMs` before each answer. */
  readonly server?: Source | undefined
  readonly delayMs: number
  /** A third-party server may be sent more than 200 requests. */
  readonly yes?: true | undefined
  readonly json?: true | undefined
}

/**
 * Downloads the same flags at several levels of concurrency to a temporary folder, prints how long each
 * level takes and which to use, and resolves to the exit status.
 */
export async function bench(options: BenchOptions, context: CommandContext): Promise<number> {
  const { stdout, stderr } = context
  const plan = planBench(options)
  const server = options.server ?? delayedServer(options.delayMs)
  if (server.kind === 'remote') await announce(server, plan, options.yes === true, context)
  const { flags, runs, levels, omittedLevels } = plan
  if (omittedLevels.length > 0) {
    await stderr.write(
      `note: levels omitted, which ${flags} flags cannot fill: ${omittedLevels.join(', ')}\n`,
    )
  }
  await stderr.write(
    `flags in each run: ${flags}, runs at each level: ${runs}; speed-up is against level ${levels[0]}\n`,
  )

  const delayMs = options.server ? undefined : options.delayMs
  const printer = options.json ? jsonPrinter(stdout) : tablePrinter(stdout)
  const outcome = await withTempFolder(async (output) => {
    const settings = resolveSettings({ server, output, force: true, retries: 0, maxRedirects: 0 })
    const source = await openSource(settings, context.env)
    try {
      return await measureLevels({ plan, source, settings, delayMs }, printer, context)
    } finally {
      await source.close()
    }
  })
  const status = outcome.isComplete ? exitCode.ok : exitCode.flagsMissing
  const summary = { server: server.label, delayMs, flags, runs, levels: outcome.levels }
  await printer.end({ ...summary, exitCode: status })
  return status
}

/** The embedded server, with the same delay before each answer. */
function delayedServer(delayMs: number): Source {
  const faults = { delayMs: [delayMs, delayMs] as const }
  return { kind: 'embedded', label: 'local', formats: imageFormats, faults }
}

/** Warns of a bench against a third-party server, and refuses a large one without `--yes`. */
async function announce(
  { label }: Source,
  plan: BenchPlan,
  isConfirmed: boolean,
  { stderr }: CommandContext,
): Promise<void> {
  const requests = requestsOf(plan)
  if (requests > maxRequestsWithoutYes && !isConfirmed) {
    throw new UsageError(
      `this bench sends ${requests} requests to ${label}: confirm with --yes, or give a lower --limit, --runs or fewer --levels (at most ${maxRequestsWithoutYes} requests)`,
    )
  }
  const warning = `warning: sends ${requests} requests to ${label}, up to ${plan.levels.at(-1)} at once; measure only servers that you may`
  await stderr.write(`${escapeControls(warning)}\n`)
}
