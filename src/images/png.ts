import { crc32 } from 'node:zlib'
import { type CheckSteps, failed, type Size } from './format.js'

// Section numbers are those of the PNG specification, third edition (W3C, 2025).

/** 5.2. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** The bytes of a chunk in addition to its data: length, type and CRC (5.3). */
const chunkOverhead = 12

/** A dimension is a PNG four-byte unsigned integer, at most 2^31 - 1 (7.1). */
const maxDimension = 2 ** 31 - 1

/** The bit depths of each color type (11.2.1). */
const bitDepths = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])

/**
 * Is this a complete PNG image? Checks the signature, every chunk's CRC, and that IHDR, IDAT and IEND are
 * there and in order (5.6). Bytes after IEND are ignored, as every viewer does.
 */
export function* checkPng(bytes: Uint8Array): CheckSteps {
  const start = bytes.subarray(0, signature.length)
  if (start.some((byte, index) => byte !== signature[index])) return failed('wrong_format')
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let size: Size | undefined
  let previous: string | undefined
  let hasImageData = false

  for (let at = signature.length; ; ) {
    yield
    const chunk = chunkAt(file, at)
    if (typeof chunk === 'string') return failed(chunk)
    const { type, data } = chunk
    if (!isInOrder(type, previous, hasImageData)) return failed('damaged')
    size ??= sizeIn(data)
    if (!size) return failed('damaged')
    if (type === 'IEND') return { isComplete: true, ...size }
    previous = type
    hasImageData ||= type === 'IDAT'
    at += chunkOverhead + data.length
  }
}

/** IHDR comes first and once, the IDAT chunks are consecutive, IEND comes after them (5.6). */
function isInOrder(type: string, previous: string | undefined, hasImageData: boolean): boolean {
  if (previous === undefined) return type === 'IHDR'
  if (type === 'IHDR') return false
  if (type === 'IDAT') return previous === 'IDAT' || !hasImageData
  return type !== 'IEND' || hasImageData
}

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

/** The chunk that begins here (5.3), or what is wrong with it. */
function chunkAt(file: Buffer, at: number): Chunk | 'truncated' | 'damaged' {
  if (at + chunkOverhead > file.length) return 'truncated'
  const length = file.readUInt32BE(at)
  const end = at + chunkOverhead + length
  const type = file.toString('latin1', at + 4, at + 8)
  if (!/^[A-Za-z]{4}$/.test(type) || length > maxDimension) return 'damaged'
  if (end > file.length) return 'truncated'
  const isIntact = crc32(file.subarray(at + 4, end - 4)) === file.readUInt32BE(end - 4)
  return isIntact ? { type, data: file.subarray(at + 8, end - 4) } : 'damaged'
}

/** The size in an IHDR chunk, if its values are valid (11.2.1). */
function sizeIn(header: Buffer): Size | undefined {
  if (header.length !== 13) return undefined
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  const [depth = 0, colorType = 0, compression, filter, interlace = 0] = header.subarray(8)
  const isValid =
    isDimension(width) &&
    isDimension(height) &&
    bitDepths.get(colorType)?.includes(depth) === true &&
    compression === 0 &&
    filter === 0 &&
    interlace <= 1
  return isValid ? { width, height } : undefined
}

function isDimension(value: number): boolean {
  return value > 0 && value <= maxDimension
}
