import { type FailureFacts, failure, type Route } from '../http/failure.js'
import type { GetResult } from '../http/get.js'
import { get } from '../http/get.js'
import { retryAdvice } from '../http/retry-policy.js'
import { mediaTypes } from '../images/format.js'
import type { FlagRecord } from '../store/manifest.js'
import type { DownloadContext } from './download-context.js'
import type { FailedAttempt, FetchTarget } from './retry.js'

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

type GetResponse = Extract<GetResult, { kind: 'response' }>

/** What an attempt needs of a download's context. */
export type FetchContext = Pick<
  DownloadContext,
  'connections' | 'settings' | 'checkImage' | 'signal' | 'events' | 'onRequest'
>

/**
 * One attempt: connecting, headers, body and check, under one deadline.
 *
 * @param record the record of the flag in place, if the server may answer that it is unchanged (RFC 9110, 13.1)
 */
export async function fetchFlag(
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
        : failed({ kind: 'http', statusCode: 304 }, route)
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
    return failed({ kind: 'content', problem: { reason: image.reason, format } }, route)
  }
  const { etag, 'last-modified': lastModified } = headers
  return { kind: 'image', body, width: image.width, height: image.height, etag, lastModified }
}

/** A response with an unusable status, and when to retry, where the server said. */
export function toFailedAttempt({ response, route }: GetResponse): FailedAttempt {
  const { statusCode, headers } = response
  const { retryAfterMs, ...advice } = retryAdvice(statusCode, headers)
  return { ...failed({ kind: 'http', statusCode, ...advice }, route), retryAfterMs }
}

function failed(facts: FailureFacts, route: Route): FailedAttempt {
  return { kind: 'failed', failure: failure(facts, route) }
}
