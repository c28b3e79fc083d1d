/** The widest codes, in bits (GIF89a, appendix F). */
const widestCode = 12

/**
 * Can a decoder follow these codes? One that begins a string where none came before has to stand for a
 * single pixel. The decoders that npm has (omggif, gifuct-js, modern-gif) do not ask, and a file of
 * fifty bytes then keeps them going round in their table until the process dies.
 *
 * `firstWidth` is the width of a pixel in bits, 1 to 8; `data` are the bytes without their block lengths.
 */
export function canFollow(firstWidth: number, data: ArrayLike<number>): boolean {
  const clear = 2 ** firstWidth
  const end = clear + 1
  let width = firstWidth + 1
  let known = clear + 2
  let isFirst = true
  for (let at = 0; at + width <= data.length * 8; ) {
    const code = bitsAt(data, at, width)
    at += width
    if (code === clear) {
      width = firstWidth + 1
      known = clear + 2
      isFirst = true
    } else if (code === end || code > known) {
      // Where decoders stop.
      return true
    } else if (isFirst) {
      if (code > clear) return false
      isFirst = false
    } else if (known < 2 ** widestCode) {
      known += 1
      if (known === 2 ** width && width < widestCode) width += 1
    }
  }
  return true
}

/** `count` bits from bit `at` on, the lowest first; at most 12, so that they are in three bytes. */
function bitsAt(data: ArrayLike<number>, at: number, count: number): number {
  const byte = at >> 3
  const three = (data[byte] ?? 0) | ((data[byte + 1] ?? 0) << 8) | ((data[byte + 2] ?? 0) << 16)
  return (three >> (at & 7)) & (2 ** count - 1)
}
