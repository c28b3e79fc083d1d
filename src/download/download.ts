import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { createPace } from '../http/pace.js'
import { openFolder } from '../store/folder.js'
import { userAgent } from '../version.js'
import { asCompleted } from './as-completed.js'
import { downloadFlag, type Run } from './download-flag.js'
import type { Wait } from './fetch-with-retries.js'
import { mostOpenRequests } from './open-files.js'
import type { Origin } from './origin.js'
import type { FlagResult } from './result.js'
import type { Settings } from './settings.js'

/** What a run lets be seen of itself beside its results. */
export interface Observer {
  /** A host asked for rest. */
  readonly onWait?: ((wait: Wait) => void) | undefined
  /** Something the user should know, in one line. */
  readonly onNotice?: ((notice: string) => void) | undefined
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

  const folder = await openFolder(settings.output)
  if (folder.notice) onNotice?.(folder.notice)
  const concurrency = Math.min(
    settings.concurrency,
    await mostOpenRequests(origin.isEmbedded ? 3 : 1),
  )
  if (concurrency < settings.concurrency) onNotice?.(lowered(concurrency))
  // undici makes itself the dispatcher of the global fetch when it is loaded: not on our users' import.
  const { createDispatcher } = await import('../http/dispatcher.js')
  const dispatcher = createDispatcher({
    connections: concurrency,
    timeoutMs: settings.timeoutMs,
    userAgent: userAgent(),
    proxies: origin.proxies,
  })
  const pace = createPace(settings.ratePerSecond)
  const client = { dispatcher, pace, settings, signal: stop.signal, random: Math.random, onWait }
  const run: Run = { origin, folder, limit: pLimit(concurrency), client, stop }
  const open = new Set<Promise<unknown>>()

  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
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
