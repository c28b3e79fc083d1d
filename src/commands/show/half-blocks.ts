import type { Pixels } from '../../images/format.js'
import type { OutputStream } from '../../report/output.js'

/** How many colors a terminal shows: 16 million, or 256. */
export type ColorDepth = 'true' | '256'

/** From 0 to 255 each. */
export type Color = readonly [red: number, green: number, blue: number]

/**
 * The depth of a terminal, as Node knows it from COLORTERM and TERM; undefined if it has too few colors for a
 * picture. NO_COLOR and FORCE_COLOR are left out: `hasColor` obeys them, and Node warns if both are set.
 */
export function colorDepthOf(stream: OutputStream, env: NodeJS.ProcessEnv): ColorDepth | undefined {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_DISABLE_COLORS: _node, ...terminal } = env
  switch (stream.getColorDepth?.(terminal)) {
    case 24:
      return 'true'
    case 8:
      return '256'
    default:
      return undefined
  }
}

/**
 * A picture as lines of text, a column for each pixel and a line for every two: ▀ in the upper one's color on
 * the lower one's. A pixel that is more than half transparent keeps the terminal's background.
 */
export function halfBlocks(pixels: Pixels, depth: ColorDepth): string[] {
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
  depth: ColorDepth,
): { character: string; style: string } {
  const front = upper ?? lower
  if (!front) return { character: ' ', style: reset }
  const character = upper ? '▀' : '▄'
  const behind = upper && lower ? `;48;${colorParameters(lower, depth)}` : ''
  return { character, style: `\u001b[0;38;${colorParameters(front, depth)}${behind}m` }
}

/** Undefined if it is transparent. */
function colorAt({ width, height, rgba }: Pixels, x: number, y: number): Color | undefined {
  if (y >= height) return undefined
  const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray((y * width + x) * 4)
  return alpha < 128 ? undefined : [red, green, blue]
}

/** The parameters of a color in an SGR sequence, behind 38 (foreground) or 48 (background). */
export function colorParameters(color: Color, depth: ColorDepth): string {
  return depth === 'true' ? `2;${color.join(';')}` : `5;${nearestOf256(color)}`
}

/** xterm's palette: 16 colors that users change, a cube of 6 levels each from 16, 24 greys from 232. */
function nearestOf256(color: Color): number {
  const [red, green, blue] = color.map(nearestLevel) as [number, number, number]
  const grey = Math.max(0, Math.min(23, Math.round((brightness(color) - 8) / 10)))
  const inCube = [red, green, blue].map((level) => levels[level] ?? 0)
  const isGreyNearer = distance(color, Array(3).fill(8 + 10 * grey)) < distance(color, inCube)
  return isGreyNearer ? 232 + grey : 16 + 36 * red + 6 * green + blue
}

const levels = [0, 95, 135, 175, 215, 255]

function nearestLevel(value: number): number {
  const distances = levels.map((level) => Math.abs(level - value))
  return distances.indexOf(Math.min(...distances))
}

function brightness(color: Color): number {
  return (color[0] + color[1] + color[2]) / 3
}

function distance(color: Color, other: readonly number[]): number {
  return color.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0)
}

/** The whole picture, as large as possible, centered on a transparent one of this size. */
export function fit(pixels: Pixels, width: number, height: number): Pixels {
  const factor = Math.min(width / pixels.width, height / pixels.height)
  const inner = scale(
    pixels,
    Math.max(1, Math.round(pixels.width * factor)),
    Math.max(1, Math.round(pixels.height * factor)),
  )
  const left = Math.floor((width - inner.width) / 2)
  const top = Math.floor((height - inner.height) / 2)
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let row = 0; row < inner.height; row++) {
    const from = row * inner.width * 4
    const line = inner.rgba.subarray(from, from + inner.width * 4)
    rgba.set(line, ((top + row) * width + left) * 4)
  }
  return { width, height, rgba }
}

/** The maximum size of a drawn picture: more pixels than a terminal has cells. */
const maxThumbnailPixels = 500_000

/** Reduces a picture much larger than a terminal to every nth pixel of every nth row. */
export function thumbnail(pixels: Pixels): Pixels {
  const step = Math.ceil(Math.sqrt((pixels.width * pixels.height) / maxThumbnailPixels))
  if (step === 1) return pixels
  const width = Math.ceil(pixels.width / step)
  const height = Math.ceil(pixels.height / step)
  const from = new Uint32Array(pixels.rgba.buffer)
  const rgba = new Uint8ClampedArray(width * height * 4)
  const to = new Uint32Array(rgba.buffer)
  for (let at = 0; at < to.length; at++) {
    const row = Math.floor(at / width) * step
    to[at] = from[row * pixels.width + (at % width) * step] ?? 0
  }
  return { width, height, rgba }
}

/**
 * Scales a picture, each pixel of the result the mean of the area that it covers. Transparent pixels add
 * nothing to a color.
 */
export function scale(pixels: Pixels, width: number, height: number): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const rows = spans(y, height, pixels.height)
    for (let x = 0; x < width; x++) {
      const columns = spans(x, width, pixels.width)
      rgba.set(mean(pixels, rows, columns), (y * width + x) * 4)
    }
  }
  return { width, height, rgba }
}

/** A row or column of the source, and how much of it is covered, 0 to 1. */
type Span = readonly [at: number, share: number]

/** What pixel `at` of `count` covers of a source that is `length` pixels long. */
function spans(at: number, count: number, length: number): Span[] {
  const start = (at * length) / count
  const end = ((at + 1) * length) / count
  const covered: Span[] = []
  for (let pixel = Math.floor(start); pixel < end; pixel++) {
    covered.push([pixel, Math.min(end, pixel + 1) - Math.max(start, pixel)])
  }
  return covered
}

function mean({ width, rgba }: Pixels, rows: readonly Span[], columns: readonly Span[]): number[] {
  const sums: [number, number, number] = [0, 0, 0]
  let opacity = 0
  let area = 0
  for (const [y, rowShare] of rows) {
    for (const [x, columnShare] of columns) {
      const share = rowShare * columnShare
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray((y * width + x) * 4)
      const weight = share * alpha
      sums[0] += red * weight
      sums[1] += green * weight
      sums[2] += blue * weight
      opacity += weight
      area += share
    }
  }
  return opacity === 0 ? [0, 0, 0, 0] : [...sums.map((sum) => sum / opacity), opacity / area]
}
