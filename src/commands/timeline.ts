import { constants } from 'node:fs'
import { basename, dirname, normalize, resolve } from 'node:path'
import { findCountry } from '../countries.js'
import type { FlagResult } from '../download/result.js'
import { type Concurrency, defaults, type Settings } from '../download/settings.js'
import { UsageError, withWriteError } from '../errors.js'
import { access, realpath } from '../node.js'
import { packageVersion } from '../package-info.js'
import { isOwnPage } from '../pages/html.js'
import {
  createRecorder,
  renderTimeline,
  type Timeline,
  timelinePage,
} from '../pages/render-timeline.js'
import { requireOwnFile, writeAtomically } from '../store/atomic-write.js'
import { manifestFile } from '../store/manifest.js'
import type { TimelineFile } from './options.js'

// Loaded only for `--timeline`.

/**
 * Records a run and writes its timeline when the run ends, however it ends. A run that ends before its first
 * flag leaves the file of an earlier one. Throws at once: UsageError if the file may be one that the run
 * writes, RunError if it cannot be written.
 */
export async function recordTimeline(file: TimelineFile, settings: Settings) {
  const { server, concurrency, output } = settings
  const isInOutput = (await realPath(dirname(file.path))) === (await realPath(normalize(output)))
  if (isInOutput) forbidFlagNames(file)
  // The run creates and checks its output folder.
  else await requireFolderOf(file)
  if (file.format === 'html') await requireOwnFile(file.path, isOwnPage)
  const recorder = newRecorder(server.label, concurrency)
  const creator = { name: 'flags', version: packageVersion() }
  const writeRecorded = async () => {
    const timeline = recorder.timeline()
    if (timeline.flags.length > 0) await write(file, renderTimeline(timeline, file.format, creator))
  }
  return {
    ...recorder,
    /** Passes on the results of the run. */
    async *following(results: AsyncIterable<FlagResult>): AsyncGenerator<FlagResult> {
      let isComplete = false
      try {
        for await (const result of results) {
          recorder.onResult(result)
          yield result
        }
        isComplete = true
      } finally {
        // The error of the run takes precedence.
        await (isComplete ? writeRecorded() : writeRecorded().catch(() => {}))
      }
    },
  }
}

/** Records the runs of a bench. */
export type BenchRecorder = Awaited<ReturnType<typeof recordBench>>

/** Records one run of a bench; a run that does not end is left out. */
export type RunRecorder = ReturnType<BenchRecorder['start']>

/** Like recordTimeline, for a page of the fastest run at each level. */
export async function recordBench(file: TimelineFile, server: string) {
  await requireFolderOf(file)
  if (file.format === 'html') await requireOwnFile(file.path, isOwnPage)
  const fastest = new Map<Concurrency, Timeline>()
  return {
    /** Starts to record a run. */
    start(concurrency: Concurrency) {
      const recorder = newRecorder(server, concurrency)
      return {
        ...recorder,
        end(results: readonly FlagResult[]): void {
          for (const result of results) recorder.onResult(result)
          const timeline = recorder.timeline()
          const best = fastest.get(concurrency)
          if (!best || timeline.durationMs < best.durationMs) fastest.set(concurrency, timeline)
        },
      }
    },
    async write(): Promise<void> {
      const runs = [...fastest].map(([level, timeline]) => ({ title: `Level ${level}`, timeline }))
      if (runs.length > 0) await write(file, timelinePage(runs))
    },
  }
}

/** `auto` starts with the default limit. */
function newRecorder(server: string, concurrency: Concurrency) {
  const limit = concurrency === 'auto' ? defaults.concurrency : concurrency
  return createRecorder(server, limit, (code) => findCountry(code)?.name)
}

/** A path without links; as it is if there is nothing yet. */
function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}

/** Throws UsageError for a file of the output folder that is, or may become, a flag or the manifest. */
function forbidFlagNames({ path, format }: TimelineFile): void {
  if (format !== 'svg' && basename(path).toLowerCase() !== manifestFile) return
  throw new UsageError(
    `cannot write the timeline to ${path}, a name for flags: give a file outside the output folder`,
  )
}

/** Throws RunError if the folder of a file cannot be written to. */
function requireFolderOf({ path }: TimelineFile): Promise<void> {
  return withWriteError(path, access(dirname(path), constants.W_OK))
}

function write({ path }: TimelineFile, content: string): Promise<void> {
  return withWriteError(path, writeAtomically(path, content))
}
