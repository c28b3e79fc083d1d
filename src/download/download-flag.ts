import { clockMs } from '../clock.js'
import { findCountry } from '../countries.js'
import type { FlagRecord } from '../store/manifest.js'
import type { DownloadContext } from './download-context.js'
import { type FetchOutcome, fetchFlag } from './fetch-flag.js'
import { type FileNaming, nameFile } from './file-naming.js'
import { PhaseTracker } from './phases.js'
import type { FlagResult } from './result.js'
import { type Fetched, type FetchTarget, fetchWithRetries } from './retry.js'

/** Downloads one flag: names its file, fetches it, saves it. */
export async function downloadFlag(code: string, context: DownloadContext): Promise<FlagResult> {
  const { onPhase } = context.events
  const phases = onPhase && new PhaseTracker(code, onPhase)
  const target = { code, url: context.source.urlFor(code), phases }
  try {
    const naming = await nameFile(target, context)
    const record = await reusableRecord(code, naming.file, context)
    // The concurrent line: as many fetches as the semaphore has slots. Nothing else waits for a slot.
    const attempt = () => fetchFlag(target, record, context)
    const fetched = await fetchWithRetries(target, context, attempt)
    return await saveAndReport({ ...target, ...naming }, fetched, context)
  } catch (error) {
    phases?.end(clockMs())
    throw error
  }
}

/** The record of the flag in place, if it is of this file and server, and the file still matches it. */
async function reusableRecord(
  code: string,
  file: string,
  { source, folder, settings }: DownloadContext,
): Promise<FlagRecord | undefined> {
  const record = settings.force
    ? undefined
    : await folder.verifiedRecord({ code, format: settings.format })
  return record?.file === file && record.source === source.id ? record : undefined
}

async function saveAndReport(
  { code, url: { href: url }, phases, file, country, note }: FetchTarget & FileNaming,
  { outcome, attempts, startedAt }: Fetched<FetchOutcome>,
  { source, folder, settings: { format } }: DownloadContext,
): Promise<FlagResult> {
  const path = folder.pathOf(file)
  const timing = () => {
    const endedAt = clockMs()
    phases?.end(endedAt)
    return { attempts, durationMs: Math.round(endedAt - startedAt) }
  }
  const noted = note === undefined ? {} : { note }
  switch (outcome.kind) {
    case 'image': {
      const { kind: _, body, ...image } = outcome
      const fetched = new Date().toISOString()
      const name = country ?? findCountry(code)?.name
      const facts = { code, format, file, url, source: source.id, ...image, fetched, country: name }
      phases?.saving()
      await folder.save(body, facts)
      return { code, status: 'saved', url, path, bytes: body.length, ...timing(), ...noted }
    }
    case 'not_modified': {
      const { bytes } = outcome.record
      return { code, status: 'unchanged', url, path, bytes, ...timing(), ...noted }
    }
    case 'not_found':
      return { code, status: 'not_found', url, ...timing() }
    case 'failed':
      return { code, status: 'failed', url, ...timing(), failure: outcome.failure }
  }
}
