import { findCountry } from '../countries.js'
import { get } from '../http/get.js'
import { mediaTypes } from '../images/format.js'
import { clockMs } from '../node.js'
import type { FlagRecord } from '../store/manifest.js'
import { type FileNaming, nameFile } from './country-name.js'
import type { DownloadContext } from './download-context.js'
import { PhaseTracker } from './phases.js'
import type { FlagResult } from './result.js'
import {
  type FailedAttempt,
  type Fetched,
  type FetchTarget,
  failedAttempt,
  fetchWithRetries,
  type GetResponse,
  toFailedAttempt,
} from './retry.js'

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

/** A whole image, with its validators. */
interface FetchedImage {
  readonly kind: 'image'
  readonly body: Buffer
  readonly width: number
  readonly height: number
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

/** The outcome of one attempt to fetch a flag. */
type FetchOutcome =
  | FetchedImage
  /** The flag in place, with this record, is current. */
  | { readonly kind: 'not_modified'; readonly record: FlagRecord }
  | { readonly kind: 'not_found' }
  | FailedAttempt

/** What an attempt needs of a download's context. */
type FetchContext = Pick<
  DownloadContext,
  'connections' | 'settings' | 'checkImage' | 'signal' | 'events' | 'onRequest'
>

/**
 * One attempt: connecting, headers, body and check, under one deadline.
 *
 * @param record of the flag in place, where the server may answer that it is unchanged (RFC 9110, 13.1)
 */
async function fetchFlag(
  { url, phases }: FetchTarget,
  record: FlagRecord | undefined,
  context: FetchContext,
): Promise<FetchOutcome> {
  const { connections, settings, signal, onRequest } = context
  const { onResponse } = context.events
  const headers = { accept: mediaTypes[settings.format], ...conditionalHeaders(record) }
  const request = { ...settings, url, headers, onRequest, onResponse, observer: phases }
  const result = await get(connections, request, signal)
  if (result.kind === 'failed') return result
  const { response, route } = result
  switch (response.statusCode) {
    case 200:
      return checkedImage(result, context)
    case 304:
      return record?.etag || record?.lastModified
        ? { kind: 'not_modified', record }
        : failedAttempt({ kind: 'http', statusCode: 304 }, route)
    case 404:
      return { kind: 'not_found' }
    default:
      return toFailedAttempt(result)
  }
}

function conditionalHeaders(record: FlagRecord | undefined): Record<string, string> {
  return {
    'accept-encoding': 'identity',
    ...(record?.etag && { 'if-none-match': record.etag }),
    ...(record?.lastModified && { 'if-modified-since': record.lastModified }),
  }
}

async function checkedImage(
  { response, route }: GetResponse,
  { checkImage, settings: { format } }: FetchContext,
): Promise<FetchedImage | FailedAttempt> {
  const { body, headers } = response
  const image = await checkImage(body)
  if (!image.isComplete) {
    return failedAttempt({ kind: 'content', problem: { reason: image.reason, format } }, route)
  }
  const { etag, 'last-modified': lastModified } = headers
  return { kind: 'image', body, width: image.width, height: image.height, etag, lastModified }
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
