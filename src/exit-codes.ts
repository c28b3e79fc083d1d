import { Interrupt, type InterruptSignal, UsageError } from './errors.js'

/** Every exit status of the program except those of signals; a test compares them with the README. */
export const exitCode = { ok: 0, flagsMissing: 1, usage: 2, cannotRun: 3 } as const

/** The status that a shell reports for a process ended by a signal: 128 and the signal's number. */
export const signalExitCodes: Readonly<Record<InterruptSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
}

/** The meaning of each, for the help and the README. */
export const exitMeanings: readonly (readonly [codes: string, meaning: string])[] = [
  [
    '0',
    'every flag is saved or unchanged; not found (404) is accepted where a letter, --region, --all or --every selected the flag',
  ],
  [
    '1',
    'a flag failed, or one selected by its code, by its name or by default was not found (404)',
  ],
  ['2', 'usage error: unknown option, invalid code or value, nothing selected'],
  ['3', 'the run could not start or continue: output folder not writable, disk full, port taken'],
  [
    '129, 130, 143',
    'interrupted by SIGHUP, SIGINT, SIGTERM: saved flags are kept and recorded, and no partial file is left',
  ],
]

/** The exit status for an error that ended a run. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupt) return signalExitCodes[error.signal]
  return error instanceof UsageError ? exitCode.usage : exitCode.cannotRun
}
