import {
  type BenchPlan,
  type BenchWish,
  mostRequestsUnasked,
  planBench,
  planNotes,
} from '../bench/plan.js'
import { jsonPrinter, tablePrinter } from '../bench/printer.js'
import { exitCode } from '../endings/exit-code.js'
import type { Output } from '../report/output.js'
import { printable } from '../report/printable.js'
import { type BenchTarget, benchTarget, isOfOthers, withOrigin } from './bench-target.js'
import { measureLevels } from './measure-levels.js'
import { withTempFolder } from './temp-folder.js'

export interface BenchRequest extends BenchWish {
  /** The server to measure, label or URL; none: the embedded one, with `delayMs` before each answer. */
  readonly server?: string | undefined
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
  const target = benchTarget(request.server, request.delayMs)
  const isCapped = isOfOthers(target) && !request.yes
  const plan = planBench(request, isCapped ? mostRequestsUnasked : Number.POSITIVE_INFINITY)
  for (const line of announcement(plan, request, target)) {
    await stderr.write(`${printable(line)}\n`)
  }

  const { label, delayMs } = target
  const printer = request.json ? jsonPrinter(stdout) : tablePrinter(stdout)
  const { levels, isWhole } = await withOrigin(target, (origin) =>
    withTempFolder((output) =>
      measureLevels(plan, { origin, output, delayMs }, printer, stderr, signal),
    ),
  )
  const status = isWhole ? exitCode.ok : exitCode.flagsMissing
  const { flags, runs } = plan
  await printer.end({ server: label, delayMs, flags, runs, levels, exitCode: status })
  return status
}

/** What the user should know before the first request. */
function announcement(plan: BenchPlan, wish: BenchWish, target: BenchTarget): string[] {
  const { levels, flags, runs, requests } = plan
  const notes = planNotes(plan, wish).map((note) => `note: ${note}`)
  const warning = `warning: sends ${requests} requests to ${target.label}, up to ${levels.at(-1)} at once; measure only servers that you may`
  const scale = `flags in each run: ${flags}, runs at each level: ${runs}; speed-up is against level ${levels[0]}`
  return [...notes, ...(isOfOthers(target) ? [warning] : []), scale]
}
