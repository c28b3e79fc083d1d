import { createRandom } from './random.js'

/** How a server is to misbehave. */
export interface FaultPlan {
  /** Wait before each answer, drawn evenly from this range; milliseconds. Default: none. */
  readonly delayMs?: readonly [least: number, most: number] | undefined
  /** Share of the answers that are `418 I'm a teapot`, 0 to 1. Default: 0. */
  readonly errorRate?: number | undefined
}

/** What happens to one answer. */
export interface Fault {
  readonly delayMs: number
  readonly isTeapot: boolean
}

/** The faults of one answer after the other: the same plan and seed give the same sequence. */
export function faultSequence(
  { delayMs: [least, most] = [0, 0], errorRate = 0 }: FaultPlan,
  seed: number,
): () => Fault {
  const random = createRandom(seed)
  return () => ({
    delayMs: least + (most - least) * random(),
    isTeapot: random() < errorRate,
  })
}
