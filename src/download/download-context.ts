import type { LimitFunction } from 'p-limit'
import type { Dispatcher } from 'undici'
import type { RateLimiter } from '../http/rate-limiter.js'
import type { OpenSource } from '../sources/open-source.js'
import type { FlagFolder } from '../store/folder.js'
import type { Settings } from './settings.js'

/** A host asked every client to pause, and no worker sends it a request meanwhile. */
export interface HostPause {
  readonly host: string
  readonly ms: number
}

/** What a run reports beside its results. */
export interface DownloadEvents {
  /** A host asked for a pause. */
  readonly onHostPause?: ((pause: HostPause) => void) | undefined
  /** Something the user should know, in one line. */
  readonly onWarning?: ((warning: string) => void) | undefined
}

/** What the flags of one run share. */
export interface DownloadContext {
  readonly source: OpenSource
  readonly settings: Settings
  readonly folder: FlagFolder
  /** The semaphore. Its slots are held for the network only: a fetch with its retries. */
  readonly limit: LimitFunction
  readonly dispatcher: Dispatcher
  readonly rateLimiter: RateLimiter
  /** Aborts when the run ends, for whatever reason. */
  readonly signal: AbortSignal
  /** 0 to 1, for the jitter of the back-off. */
  readonly random: () => number
  readonly events: DownloadEvents
}
