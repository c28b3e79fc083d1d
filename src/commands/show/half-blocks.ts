import type { Pixels } from '../../images/format.js'
import type { OutputStream } from '../../report/output.js'

/** How many colors a terminal shows: 16 million, 256, or too few for a picture. */
export type ColorDepth = 'true' | '256' | 'none'

/** From 0 to 255 each. */
export type Color = readonly [red: number, green: number, blue: number]

/**
 * The depth of a terminal, as Node knows it from COLORTERM and TERM. NO_COLOR and FORCE_COLOR are left
 * out: whether there is color at all is decided before, and Node warns where both are set.
 */
export function colorDepthOf(stream: OutputStream, env: NodeJS.ProcessEnv): ColorDepth {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_DISABLE_COLORS: _node, ...terminal } = env
  switch (stream.getColorDepth?.(terminal)) {
    case 24:
      return 'true'
    case 8:
      return '256'
    default:
      return 'none'
  }
}

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

/** The parameters of a color in an SGR sequence, behind 38 (foreground) or 48 (background). */
export function colorParameters(color: Color, depth: Exclude<ColorDepth, 'none'>): string {
  return depth === 'true' ? `2;${color.join(';')}` : `5;${nearestOf256(color)}`
}

/** xterm's palette: 16 colors that users change, a cube of 6 levels each from 16, 24 greys from 232. */
function nearestOf256(color: Color): number {
  const [red, green, blue] = color.map(nearestLevel) as [number, number, number]
  const grey = Math.max(0, Math.min(23, Math.round((mean(color) - 8) / 10)))
  const inCube = [red, green, blue].map((level) => levels[level] ?? 0)
  const isGreyNearer = distance(color, Array(3).fill(8 + 10 * grey)) < distance(color, inCube)
  return isGreyNearer ? 232 + grey : 16 + 36 * red + 6 * green + blue
}

const levels = [0, 95, 135, 175, 215, 255]

function nearestLevel(value: number): number {
  const distances = levels.map((level) => Math.abs(level - value))
  return distances.indexOf(Math.min(...distances))
}

function mean(color: Color): number {
  return (color[0] + color[1] + color[2]) / 3
}

function distance(color: Color, other: readonly number[]): number {
  return color.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0)
}
