/** The library: the exports of `import … from 'flag-downloader'`. Importing it has no side effects. */

export type { ChangeReason } from './download/concurrency-controller.js'
export type { ConcurrencyChange, DownloadEvents, HostPause } from './download/download-context.js'
export { type DownloadOptions, downloadFlags } from './download/download-flags.js'
export type { PhaseEvent } from './download/phases.js'
export {
  addToTally,
  emptyTally,
  type FlagResult,
  type FlagStatus,
  type Tally,
  tallyTotal,
} from './download/result.js'
export { defaults, type SettingsOptions } from './download/settings.js'
export { RunError, UsageError } from './errors.js'
export type { ContentProblem, Failure, FailureFacts, HttpProblem } from './http/failure.js'
export { type Selection, type SelectionRequest, selectCodes } from './selection/select-codes.js'
