import type { Connection } from '../http/connector.js'
import type { Failure } from '../http/failure.js'
import type { RequestObserver, ResponseHeaders } from '../http/request.js'
import { clockMs } from '../node.js'

/** Why a request waits before it is sent: a retry's back-off, a pause of its host, the rate. */
export type DelayReason = 'back_off' | 'host_pause' | 'rate'

/** What a flag does or waits for, with the facts of it. */
export type PhaseFacts =
  /** Waits for a slot; meanwhile its file in place is checked. */
  | { readonly phase: 'queued' }
  /** Waits before an attempt. */
  | { readonly phase: 'delayed'; readonly reason: DelayReason }
  /** Until the request is sent. `connection` is undefined if there was none to send it on. */
  | {
      readonly phase: 'connecting'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly connection?: Connection | undefined
    }
  /** Waits for the first byte of the response. */
  | { readonly phase: 'waiting' }
  /** Reads the body. `bytes` is its size; undefined if it was cut. */
  | {
      readonly phase: 'reading'
      readonly statusCode: number
      readonly headers: ResponseHeaders
      readonly bytes?: number | undefined
    }
  /** Decodes the body and checks the image. */
  | { readonly phase: 'checking' }
  /** Writes the file. */
  | { readonly phase: 'saving' }

/** A phase that has ended. The next one of its flag started when it ended: there is no gap. */
export type Phase = PhaseFacts & {
  /** 1 for the first. */
  readonly attempt: number
  /** Milliseconds since the process started. */
  readonly startedAt: number
  readonly endedAt: number
  /** Set if the attempt failed in this phase. */
  readonly failure?: Failure | undefined
}

/**
 * A phase of a flag that has ended; times are in milliseconds since the process started.
 *
 * @example
 * import type { PhaseEvent } from 'flag-downloader'
 *
 * const durationOf = ({ startedAt, endedAt }: PhaseEvent) => endedAt - startedAt
 */
export type PhaseEvent = Phase & {
  /** Two capital letters. */
  readonly code: string
}

/** Follows a flag from phase to phase. It starts in the queue. */
export class PhaseTracker implements RequestObserver {
  readonly #code: string
  readonly #onPhase: (event: PhaseEvent) => void
  #facts: PhaseFacts = { phase: 'queued' }
  #startedAt = clockMs()
  #attempt = 1
  #failure: Failure | undefined

  constructor(code: string, onPhase: (event: PhaseEvent) => void) {
    this.#code = code
    this.#onPhase = onPhase
  }

  /** Another request of the flag enters the queue. */
  queued(): void {
    this.#begin({ phase: 'queued' })
    this.#attempt = 1
  }

  /** The flag has a slot. Here and at the end, the times are those of the flag's result. */
  started(url: string, at: number): void {
    this.#begin({ phase: 'connecting', url, headers: {} }, at)
  }

  delayed(reason: DelayReason): void {
    this.#beginOrReplace({ phase: 'delayed', reason })
  }

  connecting(url: string, headers: Readonly<Record<string, string>>): void {
    this.#beginOrReplace({ phase: 'connecting', url, headers })
  }

  sent(connection: Connection): void {
    if (this.#facts.phase === 'connecting') this.#facts = { ...this.#facts, connection }
    this.#begin({ phase: 'waiting' })
  }

  responded(statusCode: number, headers: ResponseHeaders): void {
    this.#begin({ phase: 'reading', statusCode, headers })
  }

  received(bytes: number): void {
    if (this.#facts.phase === 'reading') this.#facts = { ...this.#facts, bytes }
    this.#begin({ phase: 'checking' })
  }

  saving(): void {
    this.#begin({ phase: 'saving' })
  }

  /** The attempt failed in the current phase; another attempt follows, or the end. */
  failed(failure: Failure): void {
    this.#failure = failure
  }

  /** Ends the last phase. */
  end(endedAt: number): void {
    this.#onPhase({
      code: this.#code,
      ...this.#facts,
      attempt: this.#attempt,
      startedAt: this.#startedAt,
      endedAt,
      failure: this.#failure,
    })
    if (this.#failure) this.#attempt += 1
    this.#failure = undefined
    this.#startedAt = endedAt
  }

  /** If nothing was sent since `started`, replaces the phase that began there. */
  #beginOrReplace(facts: PhaseFacts): void {
    if (this.#facts.phase === 'connecting' && !this.#failure) this.#facts = facts
    else this.#begin(facts)
  }

  #begin(facts: PhaseFacts, at = clockMs()): void {
    this.end(at)
    this.#facts = facts
  }
}
