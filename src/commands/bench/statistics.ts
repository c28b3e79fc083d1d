import { type Concurrency, defaults } from '../../download/settings.js'

/** The runs at one level, as they were measured. */
export interface Measured {
  /** The level: how many requests may be open at once. */
  readonly concurrency: Concurrency
  /** How many flags each run downloaded. */
  readonly flags: number
  /** One for each run, in their order; at least one. */
  readonly elapsedMs: readonly number[]
}

/** The figures of one level. */
export type Figures = ReturnType<typeof figuresOf>

/**
 * @param lowest the runs at the lowest level.
 * @param delayMs the server's delay before each answer, if it is known and always the same.
 */
export function figuresOf(measured: Measured, lowest: Measured, delayMs: number | undefined) {
  const { concurrency, flags, elapsedMs } = measured
  const medianMs = median(elapsedMs)
  const ideal = delayMs === undefined ? undefined : idealMs(flags, highestOf(concurrency), delayMs)
  return {
    ...measured,
    medianMs,
    minMs: Math.min(...elapsedMs),
    flagsPerSecond: (flags * 1000) / medianMs,
    /** How many times as fast as the lowest level. */
    speedUp: median(lowest.elapsedMs) / medianMs,
    /** The ideal time as a share of the time taken; undefined if it is not known. */
    shareOfIdeal: ideal && ideal / medianMs,
  }
}

/** With c slots, n answers come in rounds of c, each a delay long. */
export function idealMs(flags: number, concurrency: number, delayMs: number): number {
  return Math.ceil(flags / concurrency) * delayMs
}

/** A level that is slower than the best by at most this share is as good. */
export const goodEnough = 0.1

/** The maximum number of open requests at a level. */
export function highestOf(level: Concurrency): number {
  return level === 'auto' ? defaults.maxConcurrency : level
}

/** The concurrency to use: the lowest that is nearly as fast as the best. Undefined without levels. */
export function recommend(levels: readonly Figures[]): Figures | undefined {
  const best = Math.max(...levels.map((level) => level.flagsPerSecond))
  return [...levels]
    .sort((a, b) => highestOf(a.concurrency) - highestOf(b.concurrency))
    .find((level) => level.flagsPerSecond >= best * (1 - goodEnough))
}

/** The middle one; of an even number, halfway between the middle two. */
export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b)
  const middle = Math.floor(ascending.length / 2)
  const upper = ascending[middle] ?? Number.NaN
  const lower = ascending[middle - 1] ?? upper
  return ascending.length % 2 === 1 ? upper : (lower + upper) / 2
}
