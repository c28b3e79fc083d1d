import type { Dispatcher } from 'undici'
import { decoded } from '../http/content-coding.js'
import { type FailureFacts, failure } from '../http/failure.js'
import { get } from '../http/get.js'
import { checkGif } from '../images/gif.js'
import type { FlagRecord } from '../store/manifest.js'
import type { FailedAttempt } from './fetch-with-retries.js'
import { refused } from './refused.js'
import type { Settings } from './settings.js'

/** How one attempt to fetch a flag ended. */
export type Outcome =
  | {
      readonly kind: 'gif'
      readonly body: Buffer
      readonly width: number
      readonly height: number
      readonly etag: string | undefined
      readonly lastModified: string | undefined
    }
  /** The flag in place, with this record, is still the right one. */
  | { readonly kind: 'not_modified'; readonly record: FlagRecord }
  | { readonly kind: 'not_found' }
  | FailedAttempt

/**
 * One attempt, whole: connecting, headers, body and check, under one deadline.
 * `record` is that of the flag in place, if the server may say that it still holds (RFC 9110, 13.1).
 */
export async function attempt(
  dispatcher: Dispatcher,
  url: URL,
  record: FlagRecord | undefined,
  settings: Settings,
  signal: AbortSignal,
): Promise<Outcome> {
  const request = { ...settings, url, headers: requestHeaders(record) }
  const response = await get(dispatcher, request, signal)
  if ('kind' in response) return { kind: 'failed', failure: response }

  const { statusCode, headers } = response
  switch (statusCode) {
    case 200: {
      const body = await decoded(response, settings.maxBytes)
      if ('kind' in body) return { kind: 'failed', failure: body }
      const gif = checkGif(body)
      if (!gif.isWhole) return failed({ kind: 'content', problem: { reason: gif.reason } })
      const { width, height } = gif
      const { etag, 'last-modified': lastModified } = headers
      return { kind: 'gif', body, width, height, etag, lastModified }
    }
    case 304:
      return record?.etag || record?.lastModified
        ? { kind: 'not_modified', record }
        : failed({ kind: 'http', statusCode })
    case 404:
      return { kind: 'not_found' }
    default:
      return refused(response)
  }
}

function requestHeaders(record: FlagRecord | undefined): Record<string, string> {
  return {
    accept: 'image/gif',
    'accept-encoding': 'identity',
    ...(record?.etag && { 'if-none-match': record.etag }),
    ...(record?.lastModified && { 'if-modified-since': record.lastModified }),
  }
}

function failed(facts: FailureFacts) {
  return { kind: 'failed', failure: failure(facts) } as const
}
