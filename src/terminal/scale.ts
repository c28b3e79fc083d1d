import type { Pixels } from '../images/pixels.js'

/**
 * Scales a picture, each pixel of the result the mean of the area that it covers. What is transparent
 * adds nothing to a colour.
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
