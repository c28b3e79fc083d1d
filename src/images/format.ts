/** The image formats, in the order of the help. */
export const imageFormats = ['gif', 'png', 'svg', 'webp'] as const
export type ImageFormat = (typeof imageFormats)[number]

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

/** Why a body is no complete image: it is empty, of another format, cut, or has a broken part. */
export type ImageProblem = 'empty' | 'wrong_format' | 'truncated' | 'damaged'
