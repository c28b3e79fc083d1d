import { promisify } from 'node:util'
import { type ContentProblem, type Failure, failure } from './failure.js'
import type { HttpResponse } from './request.js'

/** A body without its codings, or the reason why there is none. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * The body as it was before the server coded it (RFC 9110, 8.4). Nothing but `identity` is asked for,
 * but some servers compress whatever they send.
 */
export async function decodeBody(
  { headers, body }: HttpResponse,
  maxBytes: number,
): Promise<DecodedBody> {
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',')
  let bytes = body
  for (const coding of codings.map((name) => name.trim()).reverse()) {
    if (coding === '' || coding === 'identity') continue
    const decode = await decoderOf(coding)
    if (!decode) return failed({ reason: 'unknown_coding', coding })
    try {
      bytes = await decode(bytes, { maxOutputLength: maxBytes })
    } catch (error) {
      const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      return failed(isTooLarge ? { reason: 'too_large', maxBytes } : { reason: 'damaged' })
    }
  }
  return { kind: 'decoded', body: bytes }
}

function failed(problem: ContentProblem): DecodedBody {
  return { kind: 'failed', failure: failure({ kind: 'content', problem }) }
}

/** Node's zlib is loaded only here: hardly a server compresses unasked. */
async function decoderOf(coding: string) {
  const { brotliDecompress, gunzip, inflate } = await import('node:zlib')
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return promisify(gunzip)
    case 'deflate':
      return promisify(inflate)
    case 'br':
      return promisify(brotliDecompress)
    default:
      return undefined
  }
}
