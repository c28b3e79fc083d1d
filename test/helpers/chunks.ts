import { crc32 } from 'node:zlib'

/** A PNG image of these chunks. */
export function png(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

/** The values are bit depth, color type, and the methods of compression, filter and interlace. */
export function pngHeader(width: number, height: number, ...values: readonly number[]): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  return pngChunk('IHDR', Buffer.concat([size, Buffer.from(values)]))
}

export function pngChunk(type: string, data: Uint8Array = Buffer.of()): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)])
  chunk.writeUInt32BE(data.length)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)
  return chunk
}

/** A WebP image of these chunks. */
export function webp(...chunks: readonly Buffer[]): Buffer {
  return webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]))
}

export function webpChunk(type: string, payload: Uint8Array): Buffer {
  const padding = Buffer.alloc(payload.length % 2)
  const chunk = Buffer.concat([Buffer.from(type), Buffer.alloc(4), payload, padding])
  chunk.writeUInt32LE(payload.length, 4)
  return chunk
}
