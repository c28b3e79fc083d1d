import type { FlagResult } from '../download/result.js'
import type { Settings } from '../download/settings.js'
import { downloadFlags } from './download-flags.js'

/** A download that was measured. */
export interface TimedDownload {
  readonly elapsedMs: number
  readonly results: readonly FlagResult[]
}

/** What the runs of a bench may differ in. */
export type RunSettings = Pick<Settings, 'server' | 'output' | 'concurrency'>

/**
 * Downloads flags as `flags download` does and measures how long it takes. Each flag is one whole
 * request: nothing is asked for on condition, tried again, or looked for elsewhere. So the times can
 * be compared, and the server gets no more requests than it was said.
 */
export async function timedDownload(
  codes: readonly string[],
  settings: RunSettings,
  signal: AbortSignal,
): Promise<TimedDownload> {
  const fixed = { force: true, retries: 0, maxRedirects: 0, signal }
  const results: FlagResult[] = []
  const startedAt = performance.now()
  for await (const result of downloadFlags(codes, { ...settings, ...fixed })) results.push(result)
  return { elapsedMs: performance.now() - startedAt, results }
}
