import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { ConcurrencyChange, DownloadEvents } from '../../download/download-context.js'
import { downloadFrom } from '../../download/download-flags.js'
import {
  addToTally,
  countsAsFailure,
  emptyTally,
  type FlagResult,
  tallyTotal,
} from '../../download/result.js'
import type { Settings } from '../../download/settings.js'
import { exitCode, exitCodeFor } from '../../exit-codes.js'
import { clockMs } from '../../node.js'
import type { MissingFlag } from '../../pages/gallery.js'
import { type Output, toJsonLine } from '../../report/output.js'
import { createReporter, type ReportOptions } from '../../report/reporter.js'
import type { Selection } from '../../selection/select-codes.js'
import { openSource, plannedUrls } from '../../sources/open-source.js'
import { fileNameOf } from '../../store/file-names.js'
import type { CommandContext } from '../command.js'
import type { TimelineFile } from '../options.js'

/** The options of a run that are not settings. */
export interface RunOptions extends ReportOptions {
  /** Also write the gallery of the folder. */
  readonly gallery?: true | undefined
  /** Also record the run there. */
  readonly timeline?: TimelineFile | undefined
}

/**
 * Downloads a selection, reports it, and resolves to the exit status. An error that ends the run is
 * thrown, after the reporter has shown the summary.
 */
export async function runDownload(
  { codes, explicitCodes }: Selection,
  settings: Settings,
  { gallery, timeline: file, ...options }: RunOptions,
  context: CommandContext,
): Promise<number> {
  setV8Flags()
  const { signal, debug } = context
  const reporter = await createReporter({ ...options, debug }, explicitCodes, context)
  const timeline = file && (await timelineTo(file, settings))
  const writeGallery = gallery && (await galleryWriter(settings.output, signal))
  const limits: number[] = []
  const onConcurrencyChange = (change: ConcurrencyChange) => {
    limits.push(change.limit)
    reporter.onConcurrencyChange(change)
    timeline?.onConcurrencyChange(change)
  }
  const events = { ...reporter, onConcurrencyChange, onPhase: timeline?.onPhase }
  const results = downloadSelection(codes, settings, events, context)
  const startedAt = clockMs()
  let tally = emptyTally
  let status: number = exitCode.ok
  const missing: MissingFlag[] = []

  reporter.start(codes.length)
  signal.addEventListener('abort', reporter.stopping, { once: true })
  try {
    for await (const result of timeline?.following(results) ?? results) {
      tally = addToTally(tally, result)
      if (countsAsFailure(result, explicitCodes)) status = exitCode.flagsMissing
      if (!('path' in result)) missing.push({ code: result.code, reason: result.status })
      await reporter.result(result, tally)
    }
    for (const note of (await writeGallery?.(missing)) ?? []) reporter.onWarning(note)
  } catch (error) {
    status = exitCodeFor(error)
    throw error
  } finally {
    signal.removeEventListener('abort', reporter.stopping)
    const durationMs = Math.round(clockMs() - startedAt)
    const total = tallyTotal(tally)
    const facts = { ...factsOf(settings, limits), selected: codes.length }
    await reporter.end({ ...facts, ...tally, total, durationMs, exitCode: status })
  }
  return status
}

/** @param limits the limits of an automatic concurrency, in the order of time */
function factsOf({ server, output, concurrency }: Settings, limits: readonly number[]) {
  const concurrencyPeak = limits.length > 0 ? Math.max(...limits) : undefined
  const concurrencyLast = limits.at(-1)
  return { server: server.label, output, concurrency, concurrencyPeak, concurrencyLast }
}

async function* downloadSelection(
  codes: readonly string[],
  settings: Settings,
  events: DownloadEvents,
  { env, signal }: CommandContext,
): AsyncGenerator<FlagResult> {
  const source = await openSource(settings, env)
  try {
    yield* downloadFrom(codes, { source, settings, signal, events })
  } finally {
    await source.close()
  }
}

/** Loaded only if it is needed. */
async function timelineTo(file: TimelineFile, settings: Settings) {
  const { recordTimeline } = await import('../timeline.js')
  return recordTimeline(file, settings)
}

/** Loaded only if it is needed. What it gives writes the gallery, and resolves to notes. */
async function galleryWriter(folder: string, signal: AbortSignal) {
  const { checkGalleryPath, writeGallery } = await import('../write-gallery.js')
  // Before the first request.
  await checkGalleryPath(folder)
  return async (missing: readonly MissingFlag[]) => {
    const { path, notes } = await writeGallery(folder, signal, missing)
    return [...notes, `gallery written to ${path}`]
  }
}

/**
 * For the whole process, so for the program and not for the library. undici parses HTTP in WebAssembly, which
 * V8 compiles to simple code first, and during the run again to faster code: 100 ms of a processor that the
 * run could use, to save microseconds a flag. And V8 doubles the space for new objects as more of them live:
 * with 676 requests open, that is a fifth of the memory, for no time that can be measured.
 */
function setV8Flags(): void {
  setFlagsFromString('--liftoff-only --semi-space-growth-factor=1')
}

/** Prints the URL and the path of each flag of a selection; opens no socket and writes no file. */
export async function printPlan(
  { codes }: Selection,
  settings: Settings,
  { stdout, stderr }: { stdout: Output; stderr: Output },
  isJson: boolean,
): Promise<void> {
  const { output, nameBy, format, server } = settings
  const isUnnamed = nameBy === 'country' && server.kind === 'remote'
  if (isUnnamed) {
    await stderr.write(
      "note: the paths shown are by code: a dry run does not fetch the names in the server's metadata.json\n",
    )
  }
  const urlFor = plannedUrls(settings)
  for (const code of codes) {
    const url = urlFor(code)
    const path = join(output, fileNameOf({ code, format }, isUnnamed ? 'code' : nameBy))
    const line = isJson ? toJsonLine({ type: 'plan', code, url, path }) : `${url}\t${path}`
    await stdout.write(`${line}\n`)
  }
}
