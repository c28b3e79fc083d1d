import type { Dispatcher } from 'undici'
import { decoded } from '../http/content-coding.js'
import { get } from '../http/get.js'
import type { FailedAttempt } from './fetch-with-retries.js'
import { refused } from './refused.js'
import type { Settings } from './settings.js'

/** How one attempt to fetch a flag's `metadata.json` ended. */
export type MetadataOutcome =
  | { readonly kind: 'metadata'; readonly country: string }
  /** There is none, or it names no country. */
  | { readonly kind: 'no_country'; readonly reason: string }
  | FailedAttempt

/** One attempt, whole, under one deadline. `code` is two capital letters. */
export async function attemptMetadata(
  dispatcher: Dispatcher,
  url: URL,
  code: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<MetadataOutcome> {
  const request = { ...settings, url, headers: requestHeaders }
  const response = await get(dispatcher, request, signal)
  if ('kind' in response) return { kind: 'failed', failure: response }

  if (response.statusCode !== 200) return refused(response)
  const body = await decoded(response, settings.maxBytes)
  return 'kind' in body ? { kind: 'failed', failure: body } : countryIn(body.toString(), code)
}

const requestHeaders = { accept: 'application/json', 'accept-encoding': 'identity' }

function countryIn(text: string, code: string): MetadataOutcome {
  const none = (reason: string): MetadataOutcome => ({ kind: 'no_country', reason })
  let metadata: unknown
  try {
    metadata = JSON.parse(text)
  } catch {
    return none('metadata.json is not JSON')
  }
  const { country, iso_cc: about } = (metadata ?? {}) as Record<string, unknown>
  // One metadata.json may be beside many flags, where a URL template puts them in one folder.
  if (typeof about === 'string' && about.toUpperCase() !== code) {
    return none('metadata.json is about another country')
  }
  if (typeof country !== 'string' || country === '') return none('metadata.json names no country')
  return { kind: 'metadata', country }
}
