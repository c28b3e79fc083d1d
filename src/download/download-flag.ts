import { findCountry } from '../countries.js'
import type { FlagRecord } from '../store/manifest.js'
import type { DownloadContext } from './download-context.js'
import { type FetchOutcome, fetchFlag } from './fetch-flag.js'
import { type FileNaming, nameFile } from './file-naming.js'
import type { FlagResult } from './result.js'
import { type Fetched, fetchWithRetries } from './retry.js'

/** Downloads one flag: names its file, fetches it, saves it. */
export async function downloadFlag(code: string, context: DownloadContext): Promise<FlagResult> {
  const url = context.source.urlFor(code)
  const naming = await nameFile(code, url, context)
  const record = await reusableRecord(code, naming.file, context)
  // The concurrent line: as many fetches as the semaphore has slots. Nothing else waits for a slot.
  const fetched = await context.limit(() =>
    fetchWithRetries({ code, url }, context, () => fetchFlag(url, record, context)),
  )
  return saveAndReport({ code, url: url.href, ...naming }, fetched, context)
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

/** A flag, where it comes from, and the file that it goes to. */
interface FlagTarget extends FileNaming {
  readonly code: string
  readonly url: string
}

async function saveAndReport(
  { code, url, file, country, note }: FlagTarget,
  { outcome, attempts, startedAt }: Fetched<FetchOutcome>,
  { source, folder, settings: { format } }: DownloadContext,
): Promise<FlagResult> {
  const path = folder.pathOf(file)
  const timing = () => ({ attempts, durationMs: Math.round(performance.now() - startedAt) })
  const noted = note === undefined ? {} : { note }
  switch (outcome.kind) {
    case 'image': {
      const { kind: _, body, ...image } = outcome
      const fetched = new Date().toISOString()
      const name = country ?? findCountry(code)?.name
      const facts = { code, format, file, url, source: source.id, ...image, fetched, country: name }
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
