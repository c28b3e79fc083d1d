import { promisify } from 'node:util'
import type { HttpResponse } from './exchange.js'
import { type Failure, failure } from './failure.js'

/**
 * The body as it was before the server coded it (RFC 9110, 8.4). Nothing but `identity` is asked for,
 * but some servers compress whatever they send.
 */
export async function decoded(
  { headers, body }: HttpResponse,
  maxBytes: number,
): Promise<Buffer | Failure> {
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',')
  let bytes = body
  for (const coding of codings.map((name) => name.trim()).reverse()) {
    if (coding === '' || coding === 'identity') continue
    const decode = await decoderOf(coding)
    if (!decode) return failure({ kind: 'content', problem: { reason: 'unknown_coding', coding } })
    try {
      bytes = await decode(bytes, { maxOutputLength: maxBytes })
    } catch (error) {
      const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      return failure({
        kind: 'content',
        problem: isTooLarge ? { reason: 'too_large', maxBytes } : { reason: 'damaged' },
      })
    }
  }
  return bytes
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
