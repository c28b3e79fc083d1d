import { deflateSync } from 'node:zlib'
import { findCountry } from '../../countries.js'
import { type DecodableFormat, decodeImage } from '../../images/decode.js'
import type { Pixels } from '../../images/format.js'
import { type ColorDepth, fit, halfBlocks, thumbnail } from './half-blocks.js'

/** A flag and its caption. */
export interface Tile {
  /** The image's file. */
  readonly bytes: Uint8Array
  readonly pixels: Pixels
  /** Two capital letters. */
  readonly code: string
  /** Its country's name, safe to show and a column for each character; empty if it is not known. */
  readonly name: string
}

/** A flag's file, read into memory. */
export interface FlagFile {
  readonly code: string
  readonly format: DecodableFormat
  /** Its path, or the URL that it was downloaded from. */
  readonly location: string
  readonly bytes: Buffer
}

/** Undefined if the file is not a whole image. */
export async function tileOf({ code, format, bytes }: FlagFile): Promise<Tile | undefined> {
  const pixels = await decodeImage(bytes, format)
  const name = findCountry(code)?.name ?? ''
  return pixels && { code, name, bytes, pixels: thumbnail(pixels) }
}

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** Columns between two flags. */
const gap = 2

/** The minimum and maximum width of a flag, in columns. */
const min = 22
const max = 48

/** Flags side by side, as many in a row as the terminal is wide enough for, each with its caption. */
export function tileText(tiles: readonly Tile[], size: TerminalSize, depth: ColorDepth): string {
  const { perRow, width } = layout(tiles.length, size)
  return rowsOf(tiles, perRow)
    .map((row) => rowText(row, width, depth))
    .join('\n')
}

function rowsOf(tiles: readonly Tile[], perRow: number): Tile[][] {
  return Array.from({ length: Math.ceil(tiles.length / perRow) }, (_, index) =>
    tiles.slice(index * perRow, (index + 1) * perRow),
  )
}

/** How many flags go into a row, and how wide each is; none is higher than the terminal. */
export function layout(
  count: number,
  { columns, rows }: TerminalSize,
): { perRow: number; width: number } {
  // One column stays free: some terminals wrap when the last one is written.
  const room = Math.max(1, columns - 1)
  const fitting = Math.floor((room + gap) / (min + gap))
  const perRow = Math.max(1, Math.min(count, fitting))
  const share = Math.floor((room + gap) / perRow) - gap
  // Below a flag come its caption, an empty line and the prompt; a line is two pixels high.
  const highest = Math.floor((rows - 3) * 2 * (4 / 3))
  return { perRow, width: Math.max(1, Math.min(share, max, Math.max(min, highest))) }
}

function rowText(tiles: readonly Tile[], width: number, depth: ColorDepth): string {
  // Even, so that it ends with a whole line.
  const height = 2 * Math.max(1, Math.round((width * 3) / 8))
  const pictures = tiles.map(({ pixels }) => halfBlocks(fit(pixels, width, height), depth))
  const lines = Array.from({ length: height / 2 }, (_, line) =>
    pictures.map((picture) => picture[line]).join(' '.repeat(gap)),
  )
  return `${[...lines, captionRow(tiles, width)].join('\n')}\n`
}

/** The captions of a row of flags. */
function captionRow(tiles: readonly Tile[], width: number): string {
  const captions = tiles.map((tile) => caption(tile, width))
  return captions.join(' '.repeat(gap)).trimEnd()
}

/** The code and the name in the middle of the width, cut if they are longer. */
function caption({ code, name }: Tile, width: number): string {
  const text = `${code} ${name}`.trim()
  const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
  const left = Math.floor((width - cut.length) / 2)
  return (' '.repeat(left) + cut).padEnd(width)
}

/** How a terminal takes images: by Kitty's graphics protocol, or as iTerm2's inline images. */
export type ImageProtocol = 'kitty' | 'iterm2'

/**
 * The protocol of a terminal, by the variables that it documents; undefined for another, and inside a
 * multiplexer, which would not pass images on.
 */
export function imageProtocolOf(env: NodeJS.ProcessEnv): ImageProtocol | undefined {
  const { TERM = '', TERM_PROGRAM } = env
  if (env.TMUX || /^(screen|tmux)/.test(TERM)) return undefined
  if (env.KITTY_WINDOW_ID || /kitty|ghostty/.test(TERM) || TERM_PROGRAM === 'ghostty')
    return 'kitty'
  return TERM_PROGRAM === 'iTerm.app' || TERM_PROGRAM === 'WezTerm' ? 'iterm2' : undefined
}

/** Flags side by side, as images, each with its caption. */
export function imageText(
  tiles: readonly Tile[],
  size: TerminalSize,
  protocol: ImageProtocol,
): string {
  const { perRow, width } = layout(tiles.length, size)
  const height = atLeastOne((width * 3) / 8)
  const draw = protocol === 'kitty' ? kittyImage : inlineImage
  let text = ''
  for (const row of rowsOf(tiles, perRow)) {
    // The lines are printed first, so that drawing does not scroll.
    text += `${'\n'.repeat(height)}\u001b[${height}A`
    for (const tile of row)
      text += `\u001b7${draw(tile, width, height)}\u001b8\u001b[${width + gap}C`
    text += `\r\u001b[${height}B${captionRow(row, width)}\n`
  }
  return text
}

/** The maximum length of base64 in one escape code (Kitty's protocol, "The transmission medium"). */
const chunkLength = 4096

/**
 * Kitty's graphics protocol: compressed RGBA pixels, in chunks. The terminal stretches them to the given
 * cells, so these keep the image's ratio, if a cell is twice as high as wide.
 */
function kittyImage({ pixels }: Tile, columns: number, rows: number): string {
  const factor = Math.min(columns / pixels.width, (2 * rows) / pixels.height)
  const [c, r] = [factor * pixels.width, (factor * pixels.height) / 2].map(atLeastOne)
  const data = deflateSync(pixels.rgba).toString('base64')
  const chunks = data.match(new RegExp(`.{1,${chunkLength}}`, 'g')) ?? []
  const size = `s=${pixels.width},v=${pixels.height},c=${c},r=${r}`
  return chunks
    .map((chunk, index) => {
      const keys = index === 0 ? `a=T,f=32,o=z,C=1,q=2,${size},` : ''
      const hasMore = index < chunks.length - 1 ? 1 : 0
      return `\u001b_G${keys}m=${hasMore};${chunk}\u001b\\`
    })
    .join('')
}

function atLeastOne(cells: number): number {
  return Math.max(1, Math.round(cells))
}

/** iTerm2's inline images: the file itself. */
function inlineImage({ bytes }: Tile, columns: number, rows: number): string {
  const size = `size=${bytes.length};width=${columns};height=${rows};preserveAspectRatio=1`
  return `\u001b]1337;File=inline=1;${size}:${Buffer.from(bytes).toString('base64')}\u0007`
}
