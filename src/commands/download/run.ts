import { setFlagsFromString } from 'node:v8'
import { downloadFrom } from '../../download/download-flags.js'
import { addToTally, countsAsFailure, emptyTally, tallyTotal } from '../../download/result.js'
import type { Settings } from '../../download/settings.js'
import { exitCode, exitCodeFor } from '../../exit-codes.js'
import type { MissingFlag } from '../../gallery/gallery.js'
import type { Reporter } from '../../report/reporter.js'
import type { Selection } from '../../selection/select-codes.js'
import { openSource } from '../../sources/open-source.js'

/** The options of a run that are no settings. */
export interface RunOptions {
  /** Also write the gallery of the folder. */
  readonly gallery?: true | undefined
  readonly reporter: Reporter
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/**
 * Downloads a selection, reports it, and resolves to the exit status. An error that ends the run is
 * thrown, after the reporter has shown the summary.
 */
export async function runDownload(
  { codes, explicitCodes }: Selection,
  settings: Settings,
  { gallery, reporter, env, signal }: RunOptions,
): Promise<number> {
  disableWasmTierUp()
  const startedAt = performance.now()
  let tally = emptyTally
  let status: number = exitCode.ok
  const missing: MissingFlag[] = []

  const end = (ending: number) => {
    signal.removeEventListener('abort', reporter.stopping)
    return reporter.end({
      server: settings.server.label,
      output: settings.output,
      concurrency: settings.concurrency,
      ...tally,
      total: tallyTotal(tally),
      selected: codes.length,
      durationMs: Math.round(performance.now() - startedAt),
      exitCode: ending,
    })
  }

  reporter.start(codes.length)
  signal.addEventListener('abort', reporter.stopping, { once: true })
  try {
    for await (const result of downloadSelection()) {
      tally = addToTally(tally, result)
      if (countsAsFailure(result, explicitCodes)) status = exitCode.flagsMissing
      if (!('path' in result)) missing.push({ code: result.code, reason: result.status })
      await reporter.result(result, tally)
    }
    if (gallery)
      reporter.onWarning(`gallery written: ${await galleryOf(settings.output, missing, signal)}`)
  } catch (error) {
    await end(exitCodeFor(error))
    throw error
  }
  await end(status)
  return status

  async function* downloadSelection() {
    const source = await openSource(settings, env)
    try {
      yield* downloadFrom(codes, { source, settings, signal, events: reporter })
    } finally {
      await source.close()
    }
  }
}

/** Loaded only where it is wanted. */
async function galleryOf(
  folder: string,
  missing: readonly MissingFlag[],
  signal: AbortSignal,
): Promise<string> {
  const { writeGallery } = await import('../gallery/write-gallery.js')
  return writeGallery(folder, signal, missing)
}

/**
 * undici parses HTTP in WebAssembly. V8 compiles it to simple code first, and during the run again to
 * faster code: 100 ms of a processor that the run could use, to save microseconds a flag. This disables
 * the second compilation, for the whole process, so it is for the program and not for the library.
 */
function disableWasmTierUp(): void {
  setFlagsFromString('--liftoff-only')
}
