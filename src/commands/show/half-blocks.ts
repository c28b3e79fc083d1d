import type { Pixels } from '../../images/format.js'
import { type Color, type ColorDepth, colorParameters } from './ansi-palette.js'

/**
 * A picture as lines of text, a column for each pixel and a line for every two: ▀ has the upper one's
 * color in front of the lower one's. What is more than half transparent is left as the terminal is.
 */
export function halfBlocks(pixels: Pixels, depth: Exclude<ColorDepth, 'none'>): string[] {
  const lines: string[] = []
  for (let y = 0; y < pixels.height; y += 2) {
    let line = ''
    let current = ''
    for (let x = 0; x < pixels.width; x++) {
      const cell = cellOf(colorAt(pixels, x, y), colorAt(pixels, x, y + 1), depth)
      if (cell.style !== current) line += cell.style
      current = cell.style
      line += cell.character
    }
    lines.push(`${line}${reset}`)
  }
  return lines
}

const reset = '\u001b[0m'

function cellOf(
  upper: Color | undefined,
  lower: Color | undefined,
  depth: Exclude<ColorDepth, 'none'>,
): { character: string; style: string } {
  const front = upper ?? lower
  if (!front) return { character: ' ', style: reset }
  const character = upper ? '▀' : '▄'
  const behind = upper && lower ? `;48;${colorParameters(lower, depth)}` : ''
  return { character, style: `\u001b[0;38;${colorParameters(front, depth)}${behind}m` }
}

/** Undefined where there is nothing to be seen. */
function colorAt({ width, height, rgba }: Pixels, x: number, y: number): Color | undefined {
  if (y >= height) return undefined
  const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray((y * width + x) * 4)
  return alpha < 128 ? undefined : [red, green, blue]
}
