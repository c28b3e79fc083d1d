import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { badValue } from '../errors.js'
import { createRateLimiter } from '../http/rate-limiter.js'
import { imageChecker } from '../images/image.js'
import { userAgent } from '../package-info.js'
import { codeNamed } from '../selection/select-codes.js'
import { openSource } from '../sources/open-source.js'
import { openFolder } from '../store/folder.js'
import { asCompleted, createTurns } from './as-completed.js'
import { adaptLimit, concurrencyOf } from './concurrency.js'
import {
  type DownloadContext,
  type DownloadEvents,
  eventNames,
  guardedEvents,
} from './download-context.js'
import { downloadFlag } from './download-flag.js'
import { checkOptionNames, resolveSettings } from './resolve-settings.js'
import type { FlagResult } from './result.js'
import type { SettingsOptions } from './settings.js'

/**
 * Settings, each with its default, and a run's signal and events.
 *
 * @example
 * import type { DownloadOptions } from 'flag-downloader'
 *
 * const options: DownloadOptions = { output: 'flags', signal: AbortSignal.timeout(60_000) }
 */
export interface DownloadOptions extends SettingsOptions, DownloadEvents {
  /**
   * Aborting it ends the run: the iteration throws the signal's reason.
   * @default a signal that never aborts
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * Downloads flags and yields their results in the order of completion.
 *
 * Leaving the loop early stops the downloads. However it ends, saved flags are recorded in the
 * folder's `flags.json`, and no partial file is left.
 *
 * @param codes ISO 3166-1 alpha-2 codes, in any case; taken lazily, as far ahead as there are slots
 * @param options the settings, each with its default, the signal and the events
 * @throws {UsageError} for an invalid code or option
 * @throws {RunError} if the folder cannot be written to
 * @throws the signal's reason, when it aborts
 *
 * @example
 * import { downloadFlags } from 'flag-downloader'
 *
 * for await (const result of downloadFlags(['BR', 'JP'], { format: 'svg', output: 'flags' })) {
 *   if (result.status === 'failed') console.error(result.code, result.failure.message)
 * }
 */
export async function* downloadFlags(
  codes: Iterable<string>,
  options: DownloadOptions = {},
): AsyncGenerator<FlagResult, void, undefined> {
  checkArguments(codes, options)
  const { signal = new AbortController().signal, ...given } = options
  const settings = resolveSettings(given)
  const source = await openSource(settings)
  try {
    yield* downloadFrom(checkedCodes(codes), { source, settings, signal, events: given })
  } finally {
    await source.close()
  }
}

/** Throws UsageError for a wrong type of anything but a setting: JavaScript callers have no compiler. */
function checkArguments(codes: Iterable<string>, options: DownloadOptions): void {
  if (typeof options !== 'object' || options === null)
    throw badValue('options', options, 'an object')
  const isList = typeof codes === 'object' && codes !== null && isFunction(codes[Symbol.iterator])
  if (!isList) throw badValue('codes', codes, 'an array or another iterable of codes')
  checkOptionNames(options, ['signal', ...eventNames])
  const { signal } = options
  if (signal !== undefined && !isFunction(signal?.throwIfAborted)) {
    throw badValue('signal', signal, 'an AbortSignal')
  }
  for (const name of eventNames) {
    const listener = options[name]
    if (listener !== undefined && !isFunction(listener))
      throw badValue(name, listener, 'a function')
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function* checkedCodes(codes: Iterable<string>): Generator<string> {
  for (const code of codes) {
    if (typeof code !== 'string') throw badValue('codes', code, 'strings')
    yield codeNamed(code)
  }
}

/** The input of a run. */
type DownloadRun = Pick<DownloadContext, 'source' | 'settings' | 'signal' | 'events'>

/** Like downloadFlags, from a source that is open, and stays open. */
export async function* downloadFrom(
  codes: Iterable<string>,
  { source, settings, signal, events: listeners }: DownloadRun,
): AsyncGenerator<FlagResult, void, undefined> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const events = guardedEvents(listeners, (error) => stop.abort(error))
  // Each open request listens to it.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort(signal.reason)

  const run = { source, settings, signal: stop.signal, events }
  const context = await createContext(run, signal)
  const pending = new Set<Promise<unknown>>()

  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  try {
    // Twice the concurrency: while some flags are checked and saved, no slot of the network stays empty.
    const jobs = startEach(codes, context, stop, pending)
    const results = asCompleted(jobs, () => 2 * context.limit.concurrency)
    for await (const result of results) if (result) yield result
    stop.signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop.abort()
    await Promise.all(pending)
    // The flags in place are recorded even if that fails.
    await context.connections.destroy().finally(() => context.folder.close())
  }
}

/** @param callerSignal aborts before that of the run, which waits for what is being saved */
async function createContext(
  run: DownloadRun,
  callerSignal: AbortSignal,
): Promise<DownloadContext> {
  const { source, settings, events } = run
  const { max, start } = await concurrencyOf(settings, source, events)
  const limit = pLimit(start)
  const folder = await openFolder(settings.output, callerSignal)
  if (folder.warning) events.onWarning?.(folder.warning)
  return {
    ...run,
    folder,
    limit,
    connections: await connectionsOf(run, max),
    checkImage: await imageChecker(settings.format),
    inTurn: createTurns(),
    onRequest: settings.concurrency === 'auto' ? adaptLimit(limit, max, run) : undefined,
    rateLimiter: createRateLimiter(settings.ratePerSecond),
    random: Math.random,
  }
}

async function connectionsOf({ source, settings, events }: DownloadRun, connections: number) {
  // undici becomes the dispatcher of the global fetch when it is loaded: not on our users' import.
  const { createConnections } = await import('../http/dispatcher.js')
  return createConnections({
    connections,
    nextRequest: events.onPhase && { observer: undefined },
    timeoutMs: settings.timeoutMs,
    userAgent: userAgent(),
    proxies: source.proxies,
  })
}

/**
 * Starts a flag on each `next()`, until the run stops; `pending` has those in progress. An exception in one
 * of them stops the run, while flags that are being saved still finish: a file in place is never left out of
 * the results.
 */
function* startEach(
  codes: Iterable<string>,
  context: DownloadContext,
  stop: AbortController,
  pending: Set<Promise<unknown>>,
): Generator<Promise<FlagResult | undefined>> {
  for (const code of codes) {
    if (stop.signal.aborted) return
    const job = downloadFlag(code, context).catch((error) => {
      stop.abort(error)
      return undefined
    })
    pending.add(job)
    job.then(() => pending.delete(job))
    yield job
  }
}
