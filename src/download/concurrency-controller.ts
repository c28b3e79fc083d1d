/** A request that has ended. Times are in milliseconds, on any clock that only goes forward. */
export interface RequestSample {
  readonly startedAt: number
  /** The requests to its host that were open when it started, itself included. */
  readonly open: number
  /** 0 where no whole response arrived: a time-out, or a broken connection. */
  readonly statusCode: number
  /** From the start to the status line. */
  readonly firstByteMs: number
  /** From the status line to the last byte of the body. */
  readonly bodyMs: number
  /** The length of the body. */
  readonly bytes: number
}

/** Why a limit changed. */
export type ChangeReason =
  | { readonly kind: 'start' | 'keeps_up' | 'rejected' | 'lost' }
  /** Answers took `ms`, more than the `allowedMs` that they may take. */
  | { readonly kind: 'slow'; readonly ms: number; readonly allowedMs: number }

/** The first limit: as many requests as without `auto`. */
export const startLimit = 5

/** The fewest answers that make a round: one slow answer among them does not move the median. */
const minRound = 5

/** Answers may take this many times as long as from an unloaded server (Netflix Gradient2). */
const toleratedSlowdown = 1.5

/** And this much longer in any case, milliseconds (HyStart++, RFC 9406: MIN_RTT_THRESH). */
const toleratedMs = 4

/** Slow rounds in a row before a decrease; until then the limit stays (HyStart++, RFC 9406). */
const slowRoundsToDecrease = 2

/** What a failure leaves of the level that failed (Vector: decrease_ratio). */
const decreaseRatio = 0.9

/** A smaller share of failed requests in a round is chance, not overload. */
const toleratedFailures = 0.05

/** Rounds just below the level that failed, before it is tried again (CUBIC, RFC 9438: the plateau). */
const plateauRounds = 5

/** Rounds at low limits after which slowness is not of our making (Envoy measures minRTT after 5). */
const roundsToRemeasure = 5

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

  /** Learns from a request. Returns the reason where it changed the limit. */
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
    // A level that failed once does so no longer: the server has recovered.
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

/** How long a host takes: to the first byte, and for each byte of a body. */
interface Latency {
  readonly firstByteMs: number
  readonly msPerByte: number
}

/** How long answers take from a host without load. */
class LatencyBaseline {
  /** By status: a 404 may be faster than a flag. */
  readonly #latencies = new Map<number, Latency>()
  #lowRounds = 0

  /**
   * Compares a round's answers with the baseline, which they may lower.
   *
   * @param isLow so few requests are open that what the answers take is the host's own
   */
  compare(answers: readonly RequestSample[], isLow: boolean) {
    this.#lowRounds = isLow ? this.#lowRounds + 1 : 0
    // The median is the status of the majority.
    const statusCode = median(answers.map((answer) => answer.statusCode)).value
    const comparable = answers.filter((answer) => answer.statusCode === statusCode)
    const known = this.#lowRounds < roundsToRemeasure && this.#latencies.get(statusCode)
    const latency = latencyOf(comparable)
    const baseline = known ? lowest(latency, known) : latency
    this.#latencies.set(statusCode, baseline)
    const ratio = median(comparable.map((answer) => msOf(answer) / allowedMs(answer, baseline)))
    return {
      isSlow: ratio.value - ratio.error > 1,
      /** Of the time that the median answer took to the time that it may take. */
      ratio: ratio.value,
      ms: median(comparable.map(msOf)).value,
    }
  }
}

/** The highest that the answers may stand for. */
function latencyOf(answers: readonly RequestSample[]): Latency {
  const firstByteMs = median(answers.map((answer) => answer.firstByteMs))
  const msPerByte = median(answers.map(({ bodyMs, bytes }) => bodyMs / Math.max(1, bytes)))
  return {
    firstByteMs: firstByteMs.value + firstByteMs.error,
    msPerByte: msPerByte.value + msPerByte.error,
  }
}

/** The lower of each (TCP Vegas: baseRTT is the minimum). */
function lowest(a: Latency, b: Latency): Latency {
  return {
    firstByteMs: Math.min(a.firstByteMs, b.firstByteMs),
    msPerByte: Math.min(a.msPerByte, b.msPerByte),
  }
}

function msOf({ firstByteMs, bodyMs }: RequestSample): number {
  return firstByteMs + bodyMs
}

function allowedMs({ bytes }: RequestSample, { firstByteMs, msPerByte }: Latency): number {
  return toleratedSlowdown * (firstByteMs + msPerByte * bytes) + toleratedMs
}

/** The median, and how far off it may be (McGill, Tukey, Larsen 1978: the notches of a box plot). */
function median(values: readonly number[]): { value: number; error: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0
  const error = (1.57 * (at(0.75) - at(0.25))) / Math.sqrt(sorted.length)
  return { value: at(0.5), error }
}
