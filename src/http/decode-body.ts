import { addAbortSignal, type Transform } from 'node:stream'
import type { ContentProblem } from './failure.js'
import type { HttpResponse } from './request.js'

/** A decoded body, or why it cannot be decoded. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly problem: ContentProblem }

/** A server that applies more codings than this only wants to keep its clients busy. */
const maxCodings = 3

/** Names that servers use for no coding. */
const noCodings: ReadonlySet<string> = new Set(['', 'identity', 'none', 'utf-8'])

/**
 * Removes the codings that the server applied (RFC 9110, 8.4). Only `identity` is requested, but some
 * servers compress everything. Rejects with the signal's reason as soon as it aborts.
 */
export async function decodeBody(
  { headers, body }: HttpResponse,
  maxBytes: number,
  signal: AbortSignal,
): Promise<DecodedBody> {
  const codings = (headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !noCodings.has(name))
  if (codings.length > maxCodings) {
    return failed({ reason: 'too_many_codings', max: maxCodings })
  }
  let decoded = body
  for (const coding of codings.reverse()) {
    const decoder = await createDecoder(coding, decoded)
    if (!decoder) return failed({ reason: 'unknown_coding', coding })
    const result = await runDecoder(addAbortSignal(signal, decoder), decoded, maxBytes)
    signal.throwIfAborted()
    if (!Buffer.isBuffer(result)) return failed(result)
    decoded = result
  }
  return { kind: 'decoded', body: decoded }
}

function failed(problem: ContentProblem): DecodedBody {
  return { kind: 'failed', problem }
}

/** Decodes piece by piece, so that other bodies get their turn, and it can end early. */
async function runDecoder(
  decoder: Transform,
  body: Buffer,
  maxBytes: number,
): Promise<Buffer | ContentProblem> {
  const chunks: Buffer[] = []
  let bytes = 0
  decoder.end(body)
  try {
    for await (const chunk of decoder) {
      bytes += chunk.length
      // Leaving the loop destroys the decoder.
      if (bytes > maxBytes) return { reason: 'too_large', maxBytes }
      chunks.push(chunk)
    }
  } catch {
    return { reason: 'damaged' }
  }
  return Buffer.concat(chunks)
}

/** Node's zlib is loaded only here: few servers compress unasked. */
async function createDecoder(coding: string, body: Buffer): Promise<Transform | undefined> {
  const zlib = await import('node:zlib')
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      // It means the zlib format (RFC 9110, 8.4.1.2), but some servers send raw deflate data.
      return hasZlibHeader(body) ? zlib.createInflate() : zlib.createInflateRaw()
    case 'br':
      return zlib.createBrotliDecompress()
    default:
      return undefined
  }
}

/** RFC 1950, 2.2: compression method 8. Raw data with these bits would begin with padding that is not zero. */
function hasZlibHeader([method = 0]: Buffer): boolean {
  return (method & 0x0f) === 8
}
