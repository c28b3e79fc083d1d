/** The image formats, in the order of the help. */
export const imageFormats = ['gif', 'png', 'svg', 'webp'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** Each format as its specification writes it, for people. */
export const formatNames: Readonly<Record<ImageFormat, string>> = {
  gif: 'GIF',
  png: 'PNG',
  svg: 'SVG',
  webp: 'WebP',
}

/** The media type of each format (IANA). */
export const mediaTypes: Readonly<Record<ImageFormat, string>> = {
  gif: 'image/gif',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
}

/** What a body is. Sizes are in pixels. */
export type ImageCheck =
  | { readonly isComplete: true; readonly width: number; readonly height: number }
  | { readonly isComplete: false; readonly reason: ImageProblem }

/** Why a body is not a complete image: it is empty, of another format, truncated, or damaged. */
export type ImageProblem = 'empty' | 'wrong_format' | 'truncated' | 'damaged'

/** A check in steps, one for each part of the image: others may run between them. */
export type CheckSteps = Generator<void, ImageCheck, void>

/** The check of a body that is not a complete image. */
export function failed(reason: ImageProblem): ImageCheck {
  return { isComplete: false, reason }
}

/** An image's size, in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** An image's pixels, row by row from the top left: four bytes each, red, green, blue and opacity. */
export interface Pixels extends Size {
  readonly rgba: Uint8ClampedArray
}

/** A few hundred bytes can claim to be four billion pixels. Five million take a quarter of a second. */
export const maxPixels = 5_000_000
