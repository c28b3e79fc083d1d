import { LatencyBaseline, median, type RequestSample } from './latency-baseline.js'

/**
 * Why a limit changed; times are in milliseconds.
 *
 * @example
 * import type { ChangeReason } from 'flag-downloader'
 *
 * const isRaise = ({ kind }: ChangeReason) => kind === 'keeps_up'
 */
export type ChangeReason =
  | { readonly kind: 'start' | 'keeps_up' | 'rejected' | 'lost' }
  /** Answers took `ms`, more than the `allowedMs` that they may take. */
  | { readonly kind: 'slow'; readonly ms: number; readonly allowedMs: number }

/** The first limit: as many requests as without `auto`. */
export const startLimit = 5

/** The minimum number of answers in a round: one slow answer among them does not move the median. */
const minRound = 5

/** Slow rounds in a row before a decrease; until then the limit stays (HyStart++, RFC 9406). */
const slowRoundsToDecrease = 2

/** The share of the failed level that remains (Vector: decrease_ratio). */
const decreaseRatio = 0.9

/** A smaller share of failed requests in a round is chance, not overload. */
const toleratedFailures = 0.05

/** Rounds just below the level that failed, before it is tried again (CUBIC, RFC 9438: the plateau). */
const plateauRounds = 5

/** Finds how many requests a host answers at once. It has no clock: samples bring their times. */
export class ConcurrencyController {
  readonly #max: number
  readonly #baseline = new LatencyBaseline()
  #limit: number
  #isSlowStart = true
  /** The level that failed last. */
  #tooHigh = Number.POSITIVE_INFINITY
  #decreasedAt = Number.NEGATIVE_INFINITY
  #roundsOnPlateau = 0
  #slowRounds = 0
  #answers: RequestSample[] = []
  #failures: RequestSample[] = []

  /** @param max the highest limit */
  constructor(max: number) {
    this.#max = max
    this.#limit = Math.min(startLimit, max)
  }

  /** The number of requests that may be open. */
  get limit(): number {
    return this.#limit
  }

  /** Learns from a request. Returns the reason if it changed the limit. */
  learn(sample: RequestSample): ChangeReason | undefined {
    // It started under a limit that has been lowered since: one decrease is enough (RFC 6582).
    if (sample.startedAt < this.#decreasedAt) return undefined
    const before = this.#limit
    const hasFailed = overloadStatuses.has(sample.statusCode)
    const reason = hasFailed ? this.#countFailure(sample) : this.#countAnswer(sample)
    return this.#limit === before ? undefined : reason
  }

  #countFailure(failure: RequestSample): ChangeReason | undefined {
    this.#failures.push(failure)
    const isLost = failure.statusCode === 0
    // A rejection is the server's decision; a connection may break by chance.
    const tolerated = Math.max(isLost ? 2 : 1, toleratedFailures * this.#limit)
    if (this.#failures.length < tolerated) return undefined
    // From what was open, which may be less than the limit (RFC 5681, 3.1: FlightSize).
    const level = Math.min(...this.#failures.map(({ open }) => open))
    this.#decrease(decreaseRatio * level, level, failure)
    return { kind: isLost ? 'lost' : 'rejected' }
  }

  #countAnswer(answer: RequestSample): ChangeReason | undefined {
    this.#answers.push(answer)
    if (this.#answers.length < Math.max(minRound, this.#limit)) return undefined
    const isLow = !this.#isSlowStart && this.#limit <= startLimit
    const { isSlow, ratio, ms } = this.#baseline.compare(this.#answers, isLow)
    const open = median(this.#answers.map((each) => each.open)).value
    this.#slowRounds = isSlow ? this.#slowRounds + 1 : 0
    if (this.#slowRounds >= slowRoundsToDecrease) {
      // Little's law gives the requests that were being answered; the others only queued.
      this.#decrease(open / ratio, this.#limit, answer)
      return { kind: 'slow', ms, allowedMs: ms / ratio }
    }
    // A limit that is not used says nothing about a higher one (Netflix Gradient2, Vector).
    if (this.#slowRounds === 0 && 2 * open >= this.#limit) this.#increase()
    this.#startRound()
    return { kind: 'keeps_up' }
  }

  #increase(): void {
    // The level that failed does so no longer: the server has recovered.
    if (this.#limit > 1.1 * this.#tooHigh + 1) this.#isSlowStart = true
    const isOnPlateau = this.#limit + 1 === this.#tooHigh
    if (isOnPlateau && ++this.#roundsOnPlateau < plateauRounds) return
    this.#roundsOnPlateau = 0
    // Slow start doubles the limit each round, congestion avoidance adds one (RFC 5681, 3.1).
    this.#limit = Math.min(this.#max, this.#isSlowStart ? 2 * this.#limit : this.#limit + 1)
  }

  #decrease(target: number, tooHigh: number, last: RequestSample): void {
    // By no more than half: the samples may be outliers (Netflix Gradient2).
    const lower = Math.floor(Math.max(target, this.#limit / 2))
    this.#limit = Math.max(1, Math.min(lower, this.#limit))
    this.#isSlowStart = false
    this.#tooHigh = tooHigh
    this.#decreasedAt = last.startedAt + last.firstByteMs + last.bodyMs
    this.#roundsOnPlateau = 0
    this.#slowRounds = 0
    this.#startRound()
  }

  #startRound(): void {
    this.#answers = []
    this.#failures = []
  }
}

/** No answer, Too Many Requests, Service Unavailable. */
const overloadStatuses: ReadonlySet<number> = new Set([0, 429, 503])
