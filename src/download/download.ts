import { setMaxListeners } from 'node:events'
import pLimit, { type LimitFunction } from 'p-limit'
import { findCountry } from '../countries/country.js'
import { createDispatcher } from '../http/dispatcher.js'
import { createPace } from '../http/pace.js'
import { type FlagFolder, openFolder } from '../store/folder.js'
import { asCompleted } from './as-completed.js'
import { type Client, fetchFlag, type Wait } from './fetch-flag.js'
import { mostOpenRequests } from './open-files.js'
import type { FlagResult } from './result.js'
import type { Settings } from './settings.js'

/** Where the flags of a run come from. */
export interface Origin {
  /** The server as records name it: the same for every run against it. */
  readonly source: string
  /** Does it run in this process? Then each request takes more of its file handles. */
  readonly isEmbedded: boolean
  /** The URL of a flag; `code` is two capital letters. */
  urlFor(code: string): URL
}

/** What a run lets be seen of itself beside its results. */
export interface Observer {
  /** A host asked for rest. */
  readonly onWait?: ((wait: Wait) => void) | undefined
  /** Something the user should know, in one line. */
  readonly onNotice?: ((notice: string) => void) | undefined
}

/** What every flag of a run shares. */
interface Run {
  readonly origin: Origin
  readonly folder: FlagFolder
  readonly limit: LimitFunction
  readonly client: Client
  readonly stop: AbortController
}

/**
 * Downloads the flags of these codes and yields how each ended, in the order of completion.
 *
 * Throws RunError where the disk does not take them, and the signal's reason when it aborts. However
 * it ends, no work goes on behind it, what was saved is recorded, and nothing half-written is left.
 */
export async function* download(
  codes: Iterable<string>,
  origin: Origin,
  settings: Settings,
  signal: AbortSignal,
  { onWait, onNotice }: Observer = {},
): AsyncGenerator<FlagResult, void, undefined> {
  signal.throwIfAborted()
  const stop = new AbortController()
  // Each open request listens to it.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })

  const folder = await openFolder(settings.output)
  if (folder.notice) onNotice?.(folder.notice)
  const concurrency = Math.min(
    settings.concurrency,
    await mostOpenRequests(origin.isEmbedded ? 3 : 1),
  )
  if (concurrency < settings.concurrency) onNotice?.(lowered(concurrency))
  const dispatcher = createDispatcher(concurrency, settings.timeoutMs)
  const pace = createPace(settings.ratePerSecond)
  const client = { dispatcher, pace, settings, signal: stop.signal, random: Math.random, onWait }
  const run = { origin, folder, limit: pLimit(concurrency), client, stop }
  const open = new Set<Promise<unknown>>()

  try {
    // Twice the concurrency: while some flags are checked and saved, no slot of the network stays empty.
    for await (const result of asCompleted(startEach(codes, run, open), 2 * concurrency)) {
      if (result) yield result
    }
    stop.signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop.abort()
    await Promise.all(open)
    await dispatcher.destroy()
    await folder.close()
  }
}

function lowered(concurrency: number): string {
  return `concurrency lowered to ${concurrency}: this process may not open more files (ulimit -n)`
}

/**
 * Starts a flag each time it is asked for the next, until the run is stopped; `open` holds those that
 * have not ended. What throws in one of them stops the run, and flags that are being saved at that
 * moment still end: a file that is in place is never left out of the results.
 */
function* startEach(
  codes: Iterable<string>,
  run: Run,
  open: Set<Promise<unknown>>,
): Generator<Promise<FlagResult | undefined>> {
  const { stop } = run
  for (const code of codes) {
    if (stop.signal.aborted) return
    const job = downloadFlag(code, run).catch((error) => {
      stop.abort(error)
      return undefined
    })
    open.add(job)
    job.then(() => open.delete(job))
    yield job
  }
}

/** The name of a flag's file. */
export function fileNameOf(code: string): string {
  return `${code.toLowerCase()}.gif`
}

async function downloadFlag(code: string, run: Run): Promise<FlagResult> {
  const { origin, folder, limit, client } = run
  const { settings } = client
  const url = origin.urlFor(code).href
  const file = fileNameOf(code)
  const recorded = settings.force ? undefined : await folder.recordOf(code)
  const known = recorded?.file === file && recorded.source === origin.source ? recorded : undefined

  // The one concurrent line: as many fetches as the semaphore has slots. All else waits for nobody.
  const { outcome, attempts, startedAt } = await limit(() => fetchFlag(new URL(url), known, client))

  const path = folder.pathOf(file)
  const effort = () => ({ attempts, durationMs: Math.round(performance.now() - startedAt) })
  switch (outcome.kind) {
    case 'gif': {
      const { body, width, height, etag, lastModified } = outcome
      const validators = { etag, lastModified }
      const fetched = new Date().toISOString()
      const country = findCountry(code)?.name
      const { source } = origin
      const record = { file, url, source, ...validators, width, height, fetched, country }
      await folder.save(code, body, record)
      return { code, status: 'saved', url, path, bytes: body.length, ...effort() }
    }
    case 'not_modified':
      return { code, status: 'unchanged', url, path, bytes: outcome.record.bytes, ...effort() }
    case 'not_found':
      return { code, status: 'not_found', url, ...effort() }
    case 'failed':
      return { code, status: 'failed', url, ...effort(), failure: outcome.failure }
  }
}
