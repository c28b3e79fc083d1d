import { crc32 } from 'node:zlib'
import { type CheckSteps, failed, type Size } from './format.js'

// Section numbers are those of the PNG specification, third edition (W3C, 2025).

/** 5.2. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** The bytes of a chunk in addition to its data: length, type and CRC (5.3). */
const chunkOverhead = 12

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

  for (const { type, data, isIntact } of chunksOf(file)) {
    yield
    if (!isIntact || !isInOrder(type, previous, hasImageData)) return failed('damaged')
    size ??= sizeIn(data)
    if (!size) return failed('damaged')
    if (type === 'IEND') return { isComplete: true, ...size }
    previous = type
    hasImageData ||= type === 'IDAT'
  }
  return failed('truncated')
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
  /** Where the next one begins. */
  readonly end: number
  readonly isIntact: boolean
}

/** The chunks up to IEND, or to one that is cut (5.3). */
export function* chunksOf(file: Buffer): Generator<Chunk, void> {
  for (let at = signature.length; at + chunkOverhead <= file.length; ) {
    const end = at + chunkOverhead + file.readUInt32BE(at)
    if (end > file.length) return
    const type = file.toString('latin1', at + 4, at + 8)
    const crc = crc32(file.subarray(at + 4, end - 4))
    const isIntact = /[A-Za-z]{4}/.test(type) && crc === file.readUInt32BE(end - 4)
    yield { type, data: file.subarray(at + 8, end - 4), end, isIntact }
    if (type === 'IEND') return
    at = end
  }
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

/** A PNG four-byte unsigned integer is at most 2^31 - 1 (7.1). */
function isDimension(value: number): boolean {
  return value > 0 && value < 2 ** 31
}
