import { exitCode } from '../../exit-codes.js'
import type { Output } from '../../report/output.js'
import { escapeControls } from '../../report/sanitize.js'
import { type OpenSource, openSource } from '../../sources/open-source.js'
import type { Source } from '../../sources/parse-source.js'
import { withTempFolder } from '../../store/temp-folder.js'
import { measureLevels } from './measure.js'
import { jsonPrinter, tablePrinter } from './output.js'
import {
  type BenchPlan,
  type BenchWish,
  mostRequestsUnasked,
  planBench,
  planNotes,
} from './plan.js'

export interface BenchRequest extends BenchWish {
  /** The server to measure, label or URL; none: the embedded one, with `delayMs` before each answer. */
  readonly server?: Source | undefined
  readonly delayMs: number
  /** A server that is not ours may be sent more than 200 requests. */
  readonly yes?: true | undefined
  readonly json?: true | undefined
}

/**
 * Downloads the same flags at several levels of concurrency, prints how long each takes and which to
 * use, and gives the exit status. What it saves is gone when it ends, however that is.
 */
export async function bench(
  request: BenchRequest,
  stdout: Output,
  stderr: Output,
  signal: AbortSignal,
): Promise<number> {
  const server = request.server ?? delayedServer(request.delayMs)
  const delayMs = request.server ? undefined : request.delayMs
  const isCapped = isThirdParty(server) && !request.yes
  const plan = planBench(request, isCapped ? mostRequestsUnasked : Number.POSITIVE_INFINITY)
  for (const line of announcement(plan, request, server)) {
    await stderr.write(`${escapeControls(line)}\n`)
  }

  const printer = request.json ? jsonPrinter(stdout) : tablePrinter(stdout)
  const { levels, isComplete } = await withSource(server, (origin) =>
    withTempFolder((output) =>
      measureLevels(plan, { origin, output, delayMs }, printer, stderr, signal),
    ),
  )
  const status = isComplete ? exitCode.ok : exitCode.flagsMissing
  const { flags, runs } = plan
  await printer.end({ server: server.label, delayMs, flags, runs, levels, exitCode: status })
  return status
}

/** What the user should know before the first request. */
function announcement(plan: BenchPlan, wish: BenchWish, server: Source): string[] {
  const { levels, flags, runs, requests } = plan
  const notes = planNotes(plan, wish).map((note) => `note: ${note}`)
  const warning = `warning: sends ${requests} requests to ${server.label}, up to ${levels.at(-1)} at once; measure only servers that you may`
  const scale = `flags in each run: ${flags}, runs at each level: ${runs}; speed-up is against level ${levels[0]}`
  return [...notes, ...(isThirdParty(server) ? [warning] : []), scale]
}

function isThirdParty({ kind }: Source): boolean {
  return kind === 'remote'
}

/** The embedded server, with a delay before each answer that is always the same. */
function delayedServer(delayMs: number): Source {
  return { kind: 'embedded', label: 'local', faults: { delayMs: [delayMs, delayMs] } }
}

/** Opens the server for all runs. */
async function withSource<T>(server: Source, use: (source: OpenSource) => Promise<T>): Promise<T> {
  const source = await openSource(server)
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}
