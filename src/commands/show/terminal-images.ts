import { deflateSync } from 'node:zlib'
import { captionRow, layout, type TerminalSize, type Tile } from './tiles.js'

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
  const { perRow, width, gap } = layout(tiles.length, size)
  const height = atLeastOne((width * 3) / 8)
  const draw = protocol === 'kitty' ? kittyImage : inlineImage
  let text = ''
  for (let start = 0; start < tiles.length; start += perRow) {
    const row = tiles.slice(start, start + perRow)
    // The rows are made first, so that drawing does not scroll.
    text += `${'\n'.repeat(height)}\u001b[${height}A`
    for (const tile of row)
      text += `\u001b7${draw(tile, width, height)}\u001b8\u001b[${width + gap}C`
    text += `\r\u001b[${height}B${captionRow(row, width)}\n`
  }
  return text
}

/** The most base64 that one escape code may carry (Kitty's protocol, "The transmission medium"). */
const chunkLength = 4096

/**
 * Kitty's graphics protocol: compressed RGBA pixels, in chunks. They are stretched to the cells given, so
 * these keep the image's ratio, as far as a cell is twice as high as wide.
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
