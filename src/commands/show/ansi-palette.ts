import type { OutputStream } from '../../report/output.js'

/** How many colours a terminal shows: 16 million, 256, or too few for a picture. */
export type ColourDepth = 'true' | '256' | 'none'

/** From 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number]

/** What a stream can show. Node knows the terminals, COLORTERM, TERM, NO_COLOR and FORCE_COLOR. */
export function colourDepthOf(stream: OutputStream): ColourDepth {
  if (!stream.isTTY) return 'none'
  switch (stream.getColorDepth?.()) {
    case 24:
      return 'true'
    case 8:
      return '256'
    default:
      return 'none'
  }
}

/** The parameters of a colour in an SGR sequence, behind 38 (foreground) or 48 (background). */
export function colourParameters(colour: Colour, depth: Exclude<ColourDepth, 'none'>): string {
  return depth === 'true' ? `2;${colour.join(';')}` : `5;${nearestOf256(colour)}`
}

/** xterm's palette: 16 colours that users change, a cube of 6 levels each from 16, 24 greys from 232. */
function nearestOf256(colour: Colour): number {
  const [red, green, blue] = colour.map(nearestLevel) as [number, number, number]
  const grey = Math.max(0, Math.min(23, Math.round((mean(colour) - 8) / 10)))
  const inCube = [red, green, blue].map((level) => levels[level] ?? 0)
  const isGreyNearer = distance(colour, Array(3).fill(8 + 10 * grey)) < distance(colour, inCube)
  return isGreyNearer ? 232 + grey : 16 + 36 * red + 6 * green + blue
}

const levels = [0, 95, 135, 175, 215, 255]

function nearestLevel(value: number): number {
  const distances = levels.map((level) => Math.abs(level - value))
  return distances.indexOf(Math.min(...distances))
}

function mean(colour: Colour): number {
  return (colour[0] + colour[1] + colour[2]) / 3
}

function distance(colour: Colour, other: readonly number[]): number {
  return colour.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0)
}
