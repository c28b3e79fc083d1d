/** What a body turned out to be. Sizes are in pixels. */
export type GifCheck =
  | { readonly isComplete: true; readonly width: number; readonly height: number }
  | { readonly isComplete: false; readonly reason: 'empty' | 'not_gif' | 'cut_short' | 'damaged' }

/**
 * Is this a whole GIF image? Walks its blocks to the trailer (GIF89a specification, appendix A)
 * without decoding them; bytes behind the trailer are let pass, as every viewer does.
 */
export function checkGif(bytes: Uint8Array): GifCheck {
  if (bytes.length === 0) return { isComplete: false, reason: 'empty' }
  const signature = String.fromCharCode(...bytes.subarray(0, 6))
  if (!['GIF87a', 'GIF89a'].some((known) => known.startsWith(signature))) {
    return { isComplete: false, reason: 'not_gif' }
  }
  if (bytes.length < screenDescriptorEnd) return { isComplete: false, reason: 'cut_short' }

  const width = littleEndian16(bytes, 6)
  const height = littleEndian16(bytes, 8)
  const reason = findBlockError(bytes)
  if (reason) return { isComplete: false, reason }
  if (width === 0 || height === 0) return { isComplete: false, reason: 'damaged' }
  return { isComplete: true, width, height }
}

const screenDescriptorEnd = 13
const extensionIntroducer = 0x21
const imageSeparator = 0x2c
const trailer = 0x3b

function findBlockError(bytes: Uint8Array): 'cut_short' | 'damaged' | undefined {
  let images = 0
  let at = screenDescriptorEnd + colourTableSize(bytes[10])
  for (;;) {
    const introducer = bytes[at]
    switch (introducer) {
      case undefined:
        return 'cut_short'
      case trailer:
        return images > 0 ? undefined : 'damaged'
      case extensionIntroducer:
        at = endOfSubBlocks(bytes, at + 2)
        break
      case imageSeparator: {
        // Descriptor, local colour table, LZW code size, then the data.
        const data = at + 10 + colourTableSize(bytes[at + 9]) + 1
        if (bytes[data] === 0) return 'damaged'
        at = endOfSubBlocks(bytes, data)
        images += 1
        break
      }
      default:
        return 'damaged'
    }
  }
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
function colourTableSize(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 0x07) + 1) : 0
}

function littleEndian16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}
