/** How a server misbehaves on purpose. */
export interface FaultOptions {
  /** The delay before each answer, drawn evenly from this range; milliseconds. Default: none. */
  readonly delayMs?: readonly [min: number, max: number] | undefined
  /** The share of answers that are `418 I'm a teapot`, 0 to 1. Default: 0. */
  readonly errorRate?: number | undefined
  /** The number of requests that are answered at once; the others queue. Default: no limit. */
  readonly capacity?: number | undefined
  /** The number of open requests beyond which the answer is 429, at once. Default: no limit. */
  readonly rejectAbove?: number | undefined
}

/** The faults of the embedded server under the labels `delay` and `error`. */
export const faultPresets = {
  delay: { delayMs: [500, 5000] },
  error: { errorRate: 0.25 },
} as const satisfies Record<string, FaultOptions>

/** What happens to one answer. */
export interface Fault {
  readonly delayMs: number
  readonly isTeapot: boolean
}

/** The faults of successive answers: the same options and seed give the same sequence. */
export function faultSequence(
  { delayMs: [min, max] = [0, 0], errorRate = 0 }: FaultOptions,
  seed = randomSeed(),
): () => Fault {
  const random = createRandom(seed)
  return () => ({
    delayMs: min + (max - min) * random(),
    isTeapot: random() < errorRate,
  })
}

/**
 * A sequence of numbers from 0 to 1 (exclusive) that a seed determines: mulberry32, a public-domain
 * generator with 32 bits of state, which is plenty for drawing delays and errors.
 */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed of 32 bits. */
function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32)
}
