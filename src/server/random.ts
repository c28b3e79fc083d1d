/**
 * A sequence of numbers from 0 to 1 (1 excluded) that a seed determines: mulberry32, a public-domain
 * generator of 32 bits of state, which is plenty for drawing delays and errors.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
