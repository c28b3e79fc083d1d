import { download } from '../download/download.js'
import type { Origin } from '../download/origin.js'
import type { FlagResult } from '../download/result.js'
import { fillSettings, type Settings } from '../download/settings.js'

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
  origin: Origin,
  settings: Pick<Settings, 'output' | 'concurrency'>,
  signal: AbortSignal,
): Promise<TimedDownload> {
  const filled = fillSettings({ ...settings, force: true, retries: 0, maxRedirects: 0 })
  const results: FlagResult[] = []
  const startedAt = performance.now()
  for await (const result of download(codes, origin, filled, signal)) results.push(result)
  return { elapsedMs: performance.now() - startedAt, results }
}
