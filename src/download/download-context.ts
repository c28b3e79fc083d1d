import type { LimitFunction } from 'p-limit'
import type { Connections } from '../http/dispatcher.js'
import type { Failure } from '../http/failure.js'
import type { RequestListener, ResponseEvent } from '../http/get.js'
import type { RateLimiter } from '../http/rate-limiter.js'
import type { ImageChecker } from '../images/image.js'
import type { OpenSource } from '../sources/open-source.js'
import type { FlagFolder } from '../store/folder.js'
import type { createTurns } from './as-completed.js'
import type { ChangeReason } from './concurrency-controller.js'
import type { PhaseEvent } from './phases.js'
import type { Settings } from './settings.js'

/**
 * A host asked every client to pause, and no worker sends it a request meanwhile.
 *
 * @example
 * import type { HostPause } from 'flag-downloader'
 *
 * const textOf = ({ host, ms }: HostPause) => `${host} asks for ${ms} ms`
 */
export interface HostPause {
  /** With its port, if it is not the protocol's own. */
  readonly host: string
  /** The length of the pause, milliseconds. */
  readonly ms: number
}

/** An attempt to fetch a flag, or the metadata beside it. */
export interface AttemptStart {
  /** Two capital letters. */
  readonly code: string
  readonly url: string
  /** 1 for the first. */
  readonly attempt: number
  readonly maxAttempts: number
}

/** The end of an attempt. */
export interface AttemptEnd extends AttemptStart {
  readonly durationMs: number
  /** Why it failed; undefined if it did not. */
  readonly failure?: Failure | undefined
  /** The wait before the next attempt; undefined if this was the last. */
  readonly retryInMs?: number | undefined
}

/**
 * With `auto`, the limit of parallel requests at the start of a run, or a change of it.
 *
 * @example
 * import type { ConcurrencyChange } from 'flag-downloader'
 *
 * const textOf = ({ limit, reason }: ConcurrencyChange) => `${limit} requests: ${reason.kind}`
 */
export interface ConcurrencyChange {
  readonly limit: number
  /** The host whose answers changed it. */
  readonly host?: string | undefined
  readonly reason: ChangeReason
}

/**
 * What a run reports in addition to its results. An omitted listener is not called.
 *
 * @example
 * import type { DownloadEvents } from 'flag-downloader'
 *
 * const events: DownloadEvents = { onWarning: (warning) => console.error(warning) }
 */
export interface DownloadEvents {
  readonly onAttemptStart?: ((attempt: AttemptStart) => void) | undefined
  readonly onAttemptEnd?: ((attempt: AttemptEnd) => void) | undefined
  /** A response arrived, redirects included. */
  readonly onResponse?: ((response: ResponseEvent) => void) | undefined
  /** A host asked for a pause; called once, not for each worker that it asked. */
  readonly onHostPause?: ((pause: HostPause) => void) | undefined
  /** A phase of a flag ended. */
  readonly onPhase?: ((phase: PhaseEvent) => void) | undefined
  /** `concurrency: 'auto'` has set its limit. */
  readonly onConcurrencyChange?: ((change: ConcurrencyChange) => void) | undefined
  /** Something the user should know, in one line. */
  readonly onWarning?: ((warning: string) => void) | undefined
}

/** The names of the events. */
export const eventNames = Object.keys({
  onAttemptStart: true,
  onAttemptEnd: true,
  onResponse: true,
  onHostPause: true,
  onPhase: true,
  onConcurrencyChange: true,
  onWarning: true,
} satisfies Record<keyof DownloadEvents, true>) as (keyof DownloadEvents)[]

/** Wraps the listeners: one that throws ends the run, with its error. */
export function guardedEvents(events: DownloadEvents, onError: (error: unknown) => void) {
  const guarded: Record<string, (event: never) => void> = {}
  for (const name of eventNames) {
    const listener = events[name] as ((event: never) => void) | undefined
    if (!listener) continue
    guarded[name] = (event) => {
      try {
        listener(event)
      } catch (error) {
        onError(error)
      }
    }
  }
  return guarded as DownloadEvents
}

/** What the flags of one run share. */
export interface DownloadContext {
  readonly source: OpenSource
  readonly settings: Settings
  readonly folder: FlagFolder
  /** The checker of the run's image format. */
  readonly checkImage: ImageChecker
  /** The semaphore. Its slots are held for the network only. */
  readonly limit: LimitFunction
  /** Names files one after the other, in the order of the codes. */
  readonly inTurn: ReturnType<typeof createTurns>
  /** Called for each request, if the semaphore's limit adapts to them. */
  readonly onRequest?: RequestListener | undefined
  readonly connections: Connections
  readonly rateLimiter: RateLimiter
  /** Aborts when the run ends, for whatever reason. */
  readonly signal: AbortSignal
  /** 0 to 1, for the jitter of the back-off. */
  readonly random: () => number
  readonly events: DownloadEvents
}
