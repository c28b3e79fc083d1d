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

/** Answers may take this many times as long as from an unloaded server (Netflix Gradient2). */
const toleratedSlowdown = 1.5

/** And this much longer in any case, milliseconds (HyStart++, RFC 9406: MIN_RTT_THRESH). */
const toleratedMs = 4

/** Rounds at low limits after which slowness is not caused by our load (Envoy measures minRTT after 5). */
const roundsToRemeasure = 5

/** How long a host takes: to the first byte, and for each byte of a body. */
interface Latency {
  readonly firstByteMs: number
  readonly msPerByte: number
}

/** How long answers take from a host without load. */
export class LatencyBaseline {
  /** By status: a 404 may be faster than a flag. */
  readonly #latencies = new Map<number, Latency>()
  #lowRounds = 0

  /**
   * Compares a round's answers with the baseline, which they may lower.
   *
   * @param isLow so few requests are open that the times of the answers are the host's own
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
      /** The time that the median answer took, relative to the time that it may take. */
      ratio: ratio.value,
      ms: median(comparable.map(msOf)).value,
    }
  }
}

/** The highest latency that the answers may stand for. */
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

/** The median, and its margin of error (McGill, Tukey, Larsen 1978: the notches of a box plot). */
export function median(values: readonly number[]): { value: number; error: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0
  const error = (1.57 * (at(0.75) - at(0.25))) / Math.sqrt(sorted.length)
  return { value: at(0.5), error }
}
