/** A picture, row by row from the top left: four bytes a pixel, red, green, blue and opacity. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray
}
