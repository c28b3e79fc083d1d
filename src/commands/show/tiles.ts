import type { Pixels } from '../../images/format.js'
import { type ColorDepth, halfBlocks } from './half-blocks.js'

/** A flag, and what stands below it. */
export interface Tile {
  /** The image's file. */
  readonly bytes: Uint8Array
  readonly pixels: Pixels
  /** Two capital letters. */
  readonly code: string
  /** Its country's name, safe to show and a column for each character; empty where it is not known. */
  readonly name: string
}

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** Columns between two flags. */
const gap = 2

/** Columns of a flag: as many in a row as have the least, and no larger than the most. */
const min = 22
const max = 48

/** Flags side by side, as many in a row as the terminal is wide enough for, each with its caption. */
export function tileText(
  tiles: readonly Tile[],
  size: TerminalSize,
  depth: Exclude<ColorDepth, 'none'>,
): string {
  const { perRow, width } = layout(tiles.length, size)
  const rows: string[] = []
  for (let start = 0; start < tiles.length; start += perRow) {
    const row = tiles.slice(start, start + perRow)
    rows.push(rowText(row, width, depth))
  }
  return rows.join('\n')
}

/** How many flags go into a row, and how wide each is; none is higher than the terminal. */
export function layout(
  count: number,
  { columns, rows }: TerminalSize,
): { perRow: number; width: number; gap: number } {
  // One column stays free: some terminals wrap when the last one is written.
  const room = Math.max(1, columns - 1)
  const fitting = Math.floor((room + gap) / (min + gap))
  const perRow = Math.max(1, Math.min(count, fitting))
  const share = Math.floor((room + gap) / perRow) - gap
  // Below a flag come its caption, an empty line and the prompt; a line is two pixels high.
  const highest = Math.floor((rows - 3) * 2 * (4 / 3))
  return { perRow, gap, width: Math.max(1, Math.min(share, max, Math.max(min, highest))) }
}

function rowText(
  tiles: readonly Tile[],
  width: number,
  depth: Exclude<ColorDepth, 'none'>,
): string {
  // Even, so that it ends with a whole line.
  const height = 2 * Math.max(1, Math.round((width * 3) / 8))
  const pictures = tiles.map(({ pixels }) => halfBlocks(fit(pixels, width, height), depth))
  const lines = Array.from({ length: height / 2 }, (_, line) =>
    pictures.map((picture) => picture[line]).join(' '.repeat(gap)),
  )
  return `${[...lines, captionRow(tiles, width)].join('\n')}\n`
}

/** The captions of a row of flags. */
export function captionRow(tiles: readonly Tile[], width: number): string {
  const captions = tiles.map((tile) => caption(tile, width))
  return captions.join(' '.repeat(gap)).trimEnd()
}

/** The whole picture, as large as it can be, in the middle of a transparent one of this size. */
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

/** Of a picture that is drawn, at most: more than a terminal has cells for. */
const maxThumbnailPixels = 500_000

/** A picture that is much larger than a terminal, reduced to every nth pixel of every nth row. */
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

/** The code and the name in the middle of the width, cut where they are longer. */
function caption({ code, name }: Tile, width: number): string {
  const text = `${code} ${name}`.trim()
  const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
  const left = Math.floor((width - cut.length) / 2)
  return (' '.repeat(left) + cut).padEnd(width)
}

/**
 * Scales a picture, each pixel of the result the mean of the area that it covers. What is transparent
 * adds nothing to a color.
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
