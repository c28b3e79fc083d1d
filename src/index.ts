/** The library: what `import … from 'flag-downloader'` gives. Importing it does nothing else. */

export type { Observer } from './download/download.js'
export type { Wait } from './download/fetch-with-retries.js'
export type { FlagResult, FlagStatus } from './download/result.js'
export { defaults, type Settings } from './download/settings.js'
export { count, emptyTally, type Tally, total } from './download/tally.js'
export { RunError } from './endings/run-error.js'
export { UsageError } from './endings/usage-error.js'
export type { ContentProblem, Failure, FailureFacts, HttpProblem } from './http/failure.js'
export { type DownloadOptions, downloadFlags } from './run/download-flags.js'
export { type Selection, type SelectionRequest, selectCodes } from './selection/select-codes.js'
