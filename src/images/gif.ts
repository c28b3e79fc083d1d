import type { ImageCheck, ImageProblem } from './format.js'

/**
 * Is this a complete GIF image? Walks its blocks to the trailer (GIF89a specification, appendix A)
 * without decoding them. Bytes after the trailer are ignored, as every viewer does.
 */
export function checkGif(bytes: Uint8Array): ImageCheck {
  const signature = String.fromCharCode(...bytes.subarray(0, 6))
  if (!['GIF87a', 'GIF89a'].some((known) => known.startsWith(signature))) {
    return failed('wrong_format')
  }
  if (bytes.length < screenDescriptorEnd) return failed('truncated')

  const width = littleEndian16(bytes, 6)
  const height = littleEndian16(bytes, 8)
  const reason = findBlockError(bytes)
  if (reason) return failed(reason)
  if (width === 0 || height === 0) return failed('damaged')
  return { isComplete: true, width, height }
}

function failed(reason: ImageProblem): ImageCheck {
  return { isComplete: false, reason }
}

const screenDescriptorEnd = 13
const extensionIntroducer = 0x21
const imageSeparator = 0x2c
const trailer = 0x3b

function findBlockError(bytes: Uint8Array): 'truncated' | 'damaged' | undefined {
  let images = 0
  let at = screenDescriptorEnd + colorTableSize(bytes[10])
  for (;;) {
    const introducer = bytes[at]
    switch (introducer) {
      case undefined:
        return 'truncated'
      case trailer:
        return images > 0 ? undefined : 'damaged'
      case extensionIntroducer:
        at = endOfSubBlocks(bytes, at + 2)
        break
      case imageSeparator: {
        // Descriptor, local color table, LZW minimum code size, then the data.
        const codeSizeAt = at + 10 + colorTableSize(bytes[at + 9])
        const data = codeSizeAt + 1
        if (!isCodeSize(bytes[codeSizeAt]) || bytes[data] === 0) return 'damaged'
        at = endOfSubBlocks(bytes, data)
        images += 1
        break
      }
      default:
        return 'damaged'
    }
  }
}

/** The LZW minimum code size is 2 to 8 (appendix F); undefined is for the caller to find truncated. */
function isCodeSize(size: number | undefined): boolean {
  return size === undefined || (size >= 2 && size <= 8)
}

/** Sub-blocks are a length byte and so many bytes each, and end with a length of 0. */
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
