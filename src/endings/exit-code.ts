/** Every exit status of the program; the README's table is held against it by a test. */
export const exitCode = {
  ok: 0,
  flagsMissing: 1,
  usage: 2,
  cannotRun: 3,
  sighup: 129,
  sigint: 130,
  sigterm: 143,
} as const

/** What each means, for the help and the README. */
export const exitMeanings: readonly (readonly [codes: string, meaning: string])[] = [
  [
    '0',
    'every flag asked for is in place; not found is allowed where the code came from a letter, --all or --every',
  ],
  ['1', 'a flag failed, or a code that was named outright was not found'],
  ['2', 'usage: unknown option, bad code, bad number, nothing selected'],
  ['3', 'the run could not start or go on: output folder not writable, disk full, port taken'],
  [
    '129, 130, 143',
    'ended by SIGHUP, SIGINT, SIGTERM: what was saved is kept and recorded, nothing half-written is left',
  ],
]
