import { type FailureFacts, failure } from '../http/failure.js'
import { get } from '../http/get.js'
import type { HttpResponse } from '../http/request.js'
import { maxRetryAfterMs, retryAfterMs } from '../http/retry-policy.js'
import { checkGif } from '../images/gif.js'
import type { FlagRecord } from '../store/manifest.js'
import type { DownloadContext } from './download-context.js'
import type { FailedAttempt } from './retry.js'

/** A whole image, with what the server said about it. */
export interface FetchedImage {
  readonly kind: 'image'
  readonly body: Buffer
  readonly width: number
  readonly height: number
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

/** The outcome of one attempt to fetch a flag. */
export type FetchOutcome =
  | FetchedImage
  /** The flag in place, with this record, is still the server's. */
  | { readonly kind: 'not_modified'; readonly record: FlagRecord }
  | { readonly kind: 'not_found' }
  | FailedAttempt

/** What an attempt needs of a download's context. */
export type FetchContext = Pick<DownloadContext, 'dispatcher' | 'settings' | 'signal' | 'events'>

/**
 * One attempt: connecting, headers, body and check, under one deadline.
 *
 * @param record that of the flag in place, if the server may answer that it is unchanged (RFC 9110, 13.1)
 */
export async function fetchFlag(
  url: URL,
  record: FlagRecord | undefined,
  { dispatcher, settings, signal, events }: FetchContext,
): Promise<FetchOutcome> {
  const { onResponse } = events
  const request = { ...settings, url, headers: requestHeaders(record), onResponse }
  const result = await get(dispatcher, request, signal)
  if (result.kind === 'failed') return result
  const { response } = result
  switch (response.statusCode) {
    case 200:
      return checkedImage(response)
    case 304:
      return record?.etag || record?.lastModified
        ? { kind: 'not_modified', record }
        : failed({ kind: 'http', statusCode: 304 })
    case 404:
      return { kind: 'not_found' }
    default:
      return toFailedAttempt(response)
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

function checkedImage({ body, headers }: HttpResponse): FetchedImage | FailedAttempt {
  const gif = checkGif(body)
  if (!gif.isComplete) return failed({ kind: 'content', problem: { reason: gif.reason } })
  const { etag, 'last-modified': lastModified } = headers
  return { kind: 'image', body, width: gif.width, height: gif.height, etag, lastModified }
}

/** A response with a status that is of no use, and when to come back, where the server said. */
export function toFailedAttempt({ statusCode, headers }: HttpResponse): FailedAttempt {
  const afterMs = retryAfterMs(statusCode, headers, new Date())
  if (afterMs !== undefined && afterMs > maxRetryAfterMs) {
    const problem = { reason: 'retry_too_late', afterMs, maxMs: maxRetryAfterMs } as const
    return failed({ kind: 'http', statusCode, problem })
  }
  return { ...failed({ kind: 'http', statusCode }), retryAfterMs: afterMs }
}

function failed(facts: FailureFacts): FailedAttempt {
  return { kind: 'failed', failure: failure(facts) }
}
