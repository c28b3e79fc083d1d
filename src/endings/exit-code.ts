/** Every exit status of the program; the README's table is held against it by a test. */
export const exitCode = {
  ok: 0,
  flagsMissing: 1,
  usage: 2,
  cannotRun: 3,
  sigint: 130,
  sigterm: 143,
} as const
