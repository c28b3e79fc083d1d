import type { ImageCheck } from './format.js'

// Section numbers are those of RFC 9649; frame headers are those of RFC 6386 (VP8).

interface Size {
  readonly width: number
  readonly height: number
}

/** A chunk: its FourCC and its payload (2.3). */
interface Chunk {
  readonly type: string
  readonly payload: Buffer
}

/**
 * Is this a complete WebP image? Checks the RIFF size, the chunks' sizes and the image data's header.
 * Bytes after the RIFF chunk are ignored, as 2.4 allows.
 */
export function checkWebp(bytes: Uint8Array): ImageCheck {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!startsAs(data, 'RIFF', 0) || !startsAs(data, 'WEBP', 8)) return failed('wrong_format')
  if (data.length < 12) return failed('truncated')
  const end = 8 + data.readUInt32LE(4)
  if (end > data.length) return failed('truncated')
  const chunks = chunksIn(data.subarray(12, end))
  const size = chunks && sizeOf(chunks)
  return size ? { isComplete: true, ...size } : failed('damaged')
}

/** Does the data have this text there, as far as it goes? */
function startsAs(data: Buffer, text: string, at: number): boolean {
  return text.startsWith(data.toString('latin1', at, at + text.length))
}

/** The chunks, each padded to an even size; undefined where they do not fill the data exactly. */
function chunksIn(data: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = []
  let at = 0
  while (at < data.length) {
    if (at + 8 > data.length) return undefined
    const size = data.readUInt32LE(at + 4)
    const start = at + 8
    at = start + size + (size % 2)
    if (at > data.length) return undefined
    const type = data.toString('latin1', start - 8, start - 4)
    chunks.push({ type, payload: data.subarray(start, start + size) })
  }
  return chunks
}

function sizeOf([first, ...others]: readonly Chunk[]): Size | undefined {
  if (first?.type !== 'VP8X') return first && imageSize(first)
  // 2.7.1: reserved bits, canvas width and height, each less one.
  if (first.payload.length !== 10) return undefined
  const width = first.payload.readUIntLE(4, 3) + 1
  const height = first.payload.readUIntLE(7, 3) + 1
  const frames = others.filter(({ type }) => type === 'ANMF')
  if (frames.length > 0) return frames.every(isFrame) ? { width, height } : undefined
  const image = others.map(imageSize).find((size) => size !== undefined)
  return image?.width === width && image.height === height ? image : undefined
}

/** An animation frame: 16 bytes of header, then the chunks of one image (2.7.1.1). */
function isFrame({ payload }: Chunk): boolean {
  const chunks = payload.length > 16 ? chunksIn(payload.subarray(16)) : undefined
  return chunks?.some((chunk) => imageSize(chunk) !== undefined) === true
}

/** The size in a chunk of image data; undefined for another chunk, or a damaged one. */
function imageSize({ type, payload }: Chunk): Size | undefined {
  if (type === 'VP8 ') return lossySize(payload)
  return type === 'VP8L' ? losslessSize(payload) : undefined
}

/** RFC 6386, 9.1: a key frame's tag with the size of its first partition, start code, 14-bit sizes. */
function lossySize(payload: Buffer): Size | undefined {
  if (payload.length < 10 || payload.readUIntBE(3, 3) !== 0x9d012a) return undefined
  const tag = payload.readUIntLE(0, 3)
  const isKeyFrame = (tag & 1) === 0
  const firstPartitionBytes = tag >> 5
  if (!isKeyFrame || 10 + firstPartitionBytes > payload.length) return undefined
  return validSize(payload.readUInt16LE(6) & 0x3fff, payload.readUInt16LE(8) & 0x3fff)
}

/** RFC 9649, 3.4: signature, 14 bits of width and height less one, alpha hint, version 0. */
function losslessSize(payload: Buffer): Size | undefined {
  if (payload.length < 6 || payload[0] !== 0x2f) return undefined
  const bits = payload.readUInt32LE(1)
  return bits >>> 29 === 0
    ? validSize((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    : undefined
}

function validSize(width: number, height: number): Size | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined
}

function failed(reason: 'wrong_format' | 'truncated' | 'damaged'): ImageCheck {
  return { isComplete: false, reason }
}
