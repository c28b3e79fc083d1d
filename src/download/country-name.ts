import { get } from '../http/get.js'
import { fileNameFrom, fileNameOf } from '../store/file-names.js'
import type { FlagKey } from '../store/manifest.js'
import type { DownloadContext } from './download-context.js'
import { type FailedAttempt, type FetchTarget, fetchWithRetries, toFailedAttempt } from './retry.js'

/** The name of a flag's file. */
export interface FileNaming {
  readonly file: string
  /** The country's name, if the server has it. */
  readonly country?: string | undefined
  /** Why the file is named after the code instead of the country. */
  readonly note?: string | undefined
}

/**
 * Names a flag's file after its code, or, where the settings say so, after the country in the
 * `metadata.json` beside the flag. Without a usable name there, it is named after its code, with a note.
 */
export async function nameFile(
  { code, url: flagUrl, phases }: FetchTarget,
  context: DownloadContext,
): Promise<FileNaming> {
  const { format, nameBy } = context.settings
  const key = { code, format }
  if (nameBy !== 'country') return { file: fileNameOf(key, nameBy) }
  const url = new URL('metadata.json', flagUrl)
  const target = { code, url, phases }
  const fetching = fetchOutcome(target, context)
  // In the order of the codes, not of arrival: two equal names get the same files in every run.
  return context.inTurn(fetching, (outcome) => namingAfter(outcome, key, context))
}

async function fetchOutcome(
  target: FetchTarget,
  context: DownloadContext,
): Promise<CountryOutcome> {
  const attempt = () => fetchCountry(target, context)
  const { outcome } = await fetchWithRetries(target, context, attempt)
  target.phases?.queued()
  return outcome
}

function namingAfter(
  outcome: CountryOutcome,
  key: FlagKey,
  { folder }: DownloadContext,
): FileNaming {
  const naming = serverNaming(outcome)
  const stem = fileNameFrom(naming.country ?? '')
  const file = stem === undefined ? fileNameOf(key) : folder.allocateName(stem, key)
  return { file, ...naming }
}

function serverNaming(outcome: CountryOutcome): Omit<FileNaming, 'file'> {
  switch (outcome.kind) {
    case 'failed':
      return { note: `no metadata.json: ${outcome.failure.message}` }
    case 'no_country':
      return { note: outcome.reason }
    case 'country':
      return fileNameFrom(outcome.country) === undefined
        ? { note: 'metadata.json has no usable name' }
        : { country: outcome.country }
  }
}

/** The outcome of one attempt to fetch a flag's `metadata.json`. */
type CountryOutcome =
  | { readonly kind: 'country'; readonly country: string }
  /** There is none, or it names no country. */
  | { readonly kind: 'no_country'; readonly reason: string }
  | FailedAttempt

/** Parsing blocks the event loop: for up to a second with 5 MB. */
const maxMetadataBytes = 100_000

async function fetchCountry(
  { code, url, phases }: FetchTarget,
  { connections, settings, signal, events, onRequest }: DownloadContext,
): Promise<CountryOutcome> {
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' }
  const { onResponse } = events
  const limits = { ...settings, maxBytes: Math.min(settings.maxBytes, maxMetadataBytes) }
  const request = { ...limits, url, headers, onRequest, onResponse, observer: phases }
  const result = await get(connections, request, signal)
  if (result.kind === 'failed') return result
  if (result.response.statusCode !== 200) return toFailedAttempt(result)
  // TextDecoder drops a byte order mark.
  return parseCountry(new TextDecoder().decode(result.response.body), code)
}

/** A longer text is not the name of a country. */
const maxNameLength = 200

function parseCountry(text: string, code: string): CountryOutcome {
  const none = (reason: string): CountryOutcome => ({ kind: 'no_country', reason })
  let metadata: unknown
  try {
    metadata = JSON.parse(text)
  } catch {
    return none('metadata.json is not JSON')
  }
  const { country, iso_cc: isoCode } = (metadata ?? {}) as Record<string, unknown>
  // A URL template may put many flags, and so one metadata.json, in one folder.
  if (typeof isoCode === 'string' && isoCode.toUpperCase() !== code) {
    return none('metadata.json is about another country')
  }
  const isName = typeof country === 'string' && country !== '' && country.length <= maxNameLength
  if (!isName) return none('metadata.json names no country')
  return { kind: 'country', country }
}
