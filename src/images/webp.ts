import { type CheckSteps, failed, type Size } from './format.js'

// Section numbers are those of RFC 9649; frame headers are those of RFC 6386 (VP8).

/** A chunk: its FourCC and its payload (2.3). */
interface Chunk {
  readonly type: string
  readonly payload: Buffer
}

/**
 * Is this a complete WebP image? Checks the RIFF size, the chunks' sizes and the image data's header.
 * Bytes after the RIFF chunk are ignored, as 2.4 allows.
 */
export function* checkWebp(bytes: Uint8Array): CheckSteps {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!startsAs(data, 'RIFF', 0) || !startsAs(data, 'WEBP', 8)) return failed('wrong_format')
  if (data.length < 12) return failed('truncated')
  const end = 8 + data.readUInt32LE(4)
  if (end > data.length) return failed('truncated')
  const size = yield* sizeOf(data.subarray(12, end))
  return size ? { isComplete: true, ...size } : failed('damaged')
}

/** Does the data have this text there, as far as the data goes? */
function startsAs(data: Buffer, text: string, at: number): boolean {
  return text.startsWith(data.toString('latin1', at, at + text.length))
}

/** A value that is found in steps. */
type Steps<Value> = Generator<void, Value, void>

/** Chunks; undefined stands for one that does not fit. */
type Chunks = Iterable<Chunk | undefined, void>

/** The size of the image in these chunks; undefined if one of them is missing or damaged. */
function* sizeOf(data: Buffer): Steps<Size | undefined> {
  const chunks = chunksOf(data)
  const first = chunks.next().value
  if (!first) return undefined
  if (first.type === 'VP8X') return yield* extendedSize(first, chunks)
  // The image data come first (2.5, 2.6).
  const size = imageSize(first)
  for (const chunk of chunks) {
    yield
    if (!chunk) return undefined
  }
  return size
}

/** The size of the canvas (2.7), if there is a picture of that size, or frames that fit into it. */
function* extendedSize(header: Chunk, chunks: Chunks): Steps<Size | undefined> {
  const canvas = canvasSize(header)
  let hasPicture = false
  for (const chunk of chunks) {
    yield
    if (!chunk || !canvas) return undefined
    if (chunk.type !== 'ANMF' && !isImageData(chunk)) continue
    const isValid =
      chunk.type === 'ANMF' ? yield* isFrame(chunk, canvas) : isSame(imageSize(chunk), canvas)
    if (!isValid) return undefined
    hasPicture = true
  }
  return hasPicture ? canvas : undefined
}

/** 2.7.1: four bytes of flags, then the width and height of the canvas, each less one. */
function canvasSize({ payload }: Chunk): Size | undefined {
  return payload.length === 10 ? sizeAt(payload, 4) : undefined
}

/** An animation frame: 16 bytes with its place and size, then chunks, one of them image data (2.7.1.1). */
function* isFrame({ payload }: Chunk, canvas: Size): Steps<boolean> {
  if (payload.length < 16) return false
  const size = sizeAt(payload, 6)
  let hasImage = false
  for (const chunk of chunksOf(payload.subarray(16))) {
    yield
    if (!chunk) return false
    hasImage ||= isSame(imageSize(chunk), size)
  }
  const right = 2 * payload.readUIntLE(0, 3) + size.width
  const bottom = 2 * payload.readUIntLE(3, 3) + size.height
  return hasImage && right <= canvas.width && bottom <= canvas.height
}

/** Width and height, three bytes each, each less one. */
function sizeAt(payload: Buffer, at: number): Size {
  return { width: payload.readUIntLE(at, 3) + 1, height: payload.readUIntLE(at + 3, 3) + 1 }
}

function isSame(size: Size | undefined, { width, height }: Size): boolean {
  return size?.width === width && size.height === height
}

/** The chunks, each padded to an even size (2.3); the last one is undefined if it does not fit. */
function* chunksOf(data: Buffer): Generator<Chunk | undefined, void> {
  for (let rest = data; rest.length > 0; ) {
    const size = rest.length < 8 ? 0 : rest.readUInt32LE(4)
    const end = 8 + size + (size % 2)
    if (end > rest.length) return yield undefined
    yield { type: rest.toString('latin1', 0, 4), payload: rest.subarray(8, 8 + size) }
    rest = rest.subarray(end)
  }
}

function isImageData({ type }: Chunk): boolean {
  return type === 'VP8 ' || type === 'VP8L'
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
  const width = payload.readUInt16LE(6) & 0x3fff
  const height = payload.readUInt16LE(8) & 0x3fff
  return width > 0 && height > 0 ? { width, height } : undefined
}

/** RFC 9649, 3.4: signature, 14 bits of width and height less one, alpha hint, version 0. */
function losslessSize(payload: Buffer): Size | undefined {
  if (payload.length < 6 || payload[0] !== 0x2f) return undefined
  const bits = payload.readUInt32LE(1)
  if (bits >>> 29 !== 0) return undefined
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}
