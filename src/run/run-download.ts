import { isMissing } from '../download/result.js'
import type { Settings } from '../download/settings.js'
import { count, emptyTally, total } from '../download/tally.js'
import { exitCode } from '../endings/exit-code.js'
import { exitCodeFor } from '../endings/exit-code-for.js'
import type { MissingFlag } from '../gallery/gallery.js'
import type { Reporter } from '../report/reporter.js'
import type { Selection } from '../selection/select-codes.js'
import { compileParserOnce } from './compile-parser-once.js'
import { downloadFlags } from './download-flags.js'

/**
 * Downloads a selection, shows it as it goes, and gives the exit status. With `gallery`, the page of
 * the folder is written in the end. Whatever ends the run, the reporter is told; what is no expected
 * ending is thrown on after that.
 */
export async function runDownload(
  { codes, named }: Selection,
  settings: Partial<Settings> & Pick<Settings, 'server' | 'output' | 'concurrency'>,
  { gallery = false }: { readonly gallery?: boolean | undefined },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<number> {
  compileParserOnce()
  const startedAt = performance.now()
  let tally = emptyTally
  let status: number = exitCode.ok
  const lost: MissingFlag[] = []

  const end = (ending: number) => {
    // What has ended cannot stop any more: a bar told so would be drawn again, and go on.
    signal.removeEventListener('abort', reporter.stopping)
    return reporter.end({
      ...settings,
      ...tally,
      total: total(tally),
      selected: codes.length,
      durationMs: Math.round(performance.now() - startedAt),
      exitCode: ending,
    })
  }

  reporter.start(codes.length)
  signal.addEventListener('abort', reporter.stopping, { once: true })
  try {
    const { wait: onWait, notice: onNotice } = reporter
    for await (const result of downloadFlags(codes, { ...settings, signal, onWait, onNotice })) {
      tally = count(tally, result)
      if (isMissing(result, named)) status = exitCode.flagsMissing
      if (!('path' in result)) lost.push({ code: result.code, reason: result.status })
      await reporter.result(result, tally)
    }
    if (gallery) reporter.notice(`gallery written: ${await galleryOf(settings.output, lost)}`)
  } catch (error) {
    await end(exitCodeFor(error))
    throw error
  }
  await end(status)
  return status
}

/** Loaded only where it is wanted. */
async function galleryOf(folder: string, lost: readonly MissingFlag[]): Promise<string> {
  const { writeGallery } = await import('./write-gallery.js')
  return writeGallery(folder, lost)
}
