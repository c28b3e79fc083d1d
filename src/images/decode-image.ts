import type { ImageFormat, Pixels } from './format.js'

/** The formats that can be decoded, the preferred one first. */
export const decodableFormats = ['gif', 'png'] as const satisfies readonly ImageFormat[]
export type DecodableFormat = (typeof decodableFormats)[number]

/** Decodes an image; undefined for anything but a whole one that can be shown. */
export async function decodeImage(
  bytes: Uint8Array,
  format: DecodableFormat,
): Promise<Pixels | undefined> {
  switch (format) {
    case 'gif':
      return (await import('./decode-gif.js')).decodeGif(bytes)
    case 'png':
      return (await import('./decode-png.js')).decodePng(bytes)
  }
}
