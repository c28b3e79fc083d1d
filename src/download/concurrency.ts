import type { LimitFunction } from 'p-limit'
import { RunError } from '../errors.js'
import type { RequestListener } from '../http/get.js'
import { clockMs, readFile } from '../node.js'
import type { OpenSource } from '../sources/open-source.js'
import { ConcurrencyController, startLimit } from './concurrency-controller.js'
import type { DownloadContext, DownloadEvents } from './download-context.js'
import type { Settings } from './settings.js'

/** The highest number of parallel requests of a run, and the first. */
export async function concurrencyOf(
  settings: Settings,
  source: OpenSource,
  events: DownloadEvents,
): Promise<{ max: number; start: number }> {
  const { concurrency, server } = settings
  const { politeConcurrency: polite = Number.POSITIVE_INFINITY } =
    server.kind === 'remote' ? server : {}
  if (concurrency === 'auto') {
    const wanted = Math.min(settings.maxConcurrency, polite)
    const max = await affordableConcurrency(wanted, source, events)
    return { max, start: Math.min(startLimit, max) }
  }
  if (concurrency > polite) {
    const warning = `${server.label} is a shared server: ${polite} parallel requests are enough`
    events.onWarning?.(warning)
  }
  const max = await affordableConcurrency(concurrency, source, events)
  return { max, start: max }
}

/** The concurrency that the limit of open files allows. */
async function affordableConcurrency(
  wanted: number,
  source: OpenSource,
  { onWarning }: DownloadEvents,
): Promise<number> {
  const affordable = requestsWithin(await openFilesLimit(), source.isEmbedded ? 3 : 1)
  if (affordable >= wanted) return wanted
  onWarning?.(`concurrency lowered to ${affordable}: the limit of open files is low (ulimit -n)`)
  return affordable
}

/** With fewer, existing flags seem to be missing, and Node itself fails. */
const minOpenFiles = 32

/** The file handles of Node, the standard streams, and the files being saved. */
const otherHandles = 36

/**
 * The number of requests that a process may have open within its limit of open files (`ulimit -n`). Beyond it,
 * connecting fails with EMFILE, and so does saving. Throws RunError if it is too low for a single request.
 *
 * @param openFiles a number, or a word where there is no limit
 * @param handlesPerRequest 1; or 3 if the server runs in this process: for its end of the connection, and the
 * flag's file
 */
export function requestsWithin(openFiles: number | string, handlesPerRequest: 1 | 3): number {
  const limit = Number(openFiles)
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY
  if (limit < minOpenFiles) {
    throw new RunError(
      `the limit of open files is ${limit}: raise it to ${minOpenFiles} or more (ulimit -n)`,
    )
  }
  return Math.max(1, Math.floor((limit - otherHandles) / handlesPerRequest))
}

async function openFilesLimit(): Promise<number | string> {
  // Node's report has it on every system, but takes 6 ms to make.
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const soft = /Max open files +(\w+)/.exec(limits)?.[1]
  if (soft) return soft
  // Windows has no such limit, and its report no such section.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { soft: number | string } }
  }
  return userLimits?.open_files.soft ?? 'unlimited'
}

/** The load that a run puts on a host. */
interface HostLoad {
  readonly controller: ConcurrencyController
  open: number
  /** The time that its requests took, added up. */
  totalMs: number
}

/**
 * Observes every request, and sets the limit of the semaphore as the hosts' controllers find it. A
 * redirect may lead to a weaker host, or to one of many: the limit is the highest with which each
 * host, at its share of the load, stays within its own.
 */
export function adaptLimit(
  limit: LimitFunction,
  max: number,
  { signal, events }: Pick<DownloadContext, 'signal' | 'events'>,
): RequestListener {
  const hosts = new Map<string, HostLoad>()
  let totalMs = 0
  events.onConcurrencyChange?.({ limit: limit.concurrency, reason: { kind: 'start' } })

  const highestLimit = () => {
    const limits = [...hosts.values()].map(
      (load) => load.controller.limit * (totalMs / load.totalMs),
    )
    return Math.floor(Math.min(max, ...limits))
  }
  return ({ host }) => {
    const load = hosts.get(host) ?? {
      controller: new ConcurrencyController(max),
      open: 0,
      totalMs: 0,
    }
    hosts.set(host, load)
    load.open += 1
    const { open } = load
    const startedAt = clockMs()
    return (response) => {
      load.open -= 1
      const durationMs = clockMs() - startedAt
      load.totalMs += durationMs
      totalMs += durationMs
      // The end of the run is not the server's failure.
      if (signal.aborted) return
      const { statusCode = 0, firstByteMs = durationMs, bytes = 0 } = response ?? {}
      const bodyMs = durationMs - firstByteMs
      const sample = { startedAt, open, statusCode, firstByteMs, bodyMs, bytes }
      const reason = load.controller.learn(sample)
      const next = reason ? highestLimit() : limit.concurrency
      if (!reason || next === limit.concurrency) return
      limit.concurrency = next
      events.onConcurrencyChange?.({ limit: next, host, reason })
    }
  }
}
