import { type CheckSteps, failed } from './format.js'

/**
 * Is this a complete GIF image? Walks its blocks to the trailer (GIF89a specification, appendix A)
 * without decoding them. Bytes after the trailer are ignored, as every viewer does.
 */
export function* checkGif(bytes: Uint8Array): CheckSteps {
  const signature = String.fromCharCode(...bytes.subarray(0, 6))
  if (!['GIF87a', 'GIF89a'].some((known) => known.startsWith(signature))) {
    return failed('wrong_format')
  }
  let hasImage = false
  for (const { kind } of blocksOf(bytes)) {
    yield
    if (kind === 'truncated' || kind === 'damaged') return failed(kind)
    hasImage ||= kind === 'image'
  }
  const width = littleEndian16(bytes, 6)
  const height = littleEndian16(bytes, 8)
  if (!hasImage || width === 0 || height === 0) return failed('damaged')
  return { isComplete: true, width, height }
}

const screenDescriptorEnd = 13
const extensionIntroducer = 0x21
const imageSeparator = 0x2c
export const trailer = 0x3b

/** A block and its place; `truncated` and `damaged` are for bytes that are not a block. */
interface Block {
  readonly kind: 'extension' | 'image' | 'trailer' | 'truncated' | 'damaged'
  readonly start: number
  readonly end: number
}

/** The blocks of a GIF image up to its trailer, or to the first byte that starts no block. */
export function* blocksOf(bytes: Uint8Array): Generator<Block, void> {
  let start = screenDescriptorEnd + colorTableSize(bytes[10])
  for (;;) {
    const block = { start, ...blockAt(bytes, start) }
    yield block
    if (block.kind !== 'extension' && block.kind !== 'image') return
    start = block.end
  }
}

function blockAt(bytes: Uint8Array, at: number): Omit<Block, 'start'> {
  switch (bytes[at]) {
    case undefined:
      return { kind: 'truncated', end: at }
    case trailer:
      return { kind: 'trailer', end: at + 1 }
    case extensionIntroducer:
      return { kind: 'extension', end: endOfSubBlocks(bytes, at + 2) }
    case imageSeparator: {
      // Descriptor, local color table, LZW minimum code size, then the data.
      const codeSizeAt = at + 10 + colorTableSize(bytes[at + 9])
      const data = codeSizeAt + 1
      const isValid = isCodeSize(bytes[codeSizeAt]) && bytes[data] !== 0
      return { kind: isValid ? 'image' : 'damaged', end: endOfSubBlocks(bytes, data) }
    }
    default:
      return { kind: 'damaged', end: at }
  }
}

/** The LZW minimum code size is 2 to 8 (appendix F); undefined is found truncated at the next block. */
function isCodeSize(size: number | undefined): boolean {
  return size === undefined || (size >= 2 && size <= 8)
}

/** Each sub-block is a length byte and that number of bytes; a length of 0 ends them. */
function endOfSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return bytes.length
    at += 1 + length
    if (length === 0) return at
  }
}

/** In bytes, from the packed field of a descriptor: bit 7 says there is one, bits 0 to 2 how large. */
function colorTableSize(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 0x07) + 1) : 0
}

function littleEndian16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}
