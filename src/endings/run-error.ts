/** The run as a whole could not start or go on (disk, port): exit status 3. */
export class RunError extends Error {
  override readonly name = 'RunError'
}

/** What a failed system call says, with its error code: `no space left on device (ENOSPC)`. */
export function systemErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  // Node's own text is "CODE: words, syscall 'path'"; the words are the part for people.
  const words = /^[A-Z0-9_]+: ([^,]+)/.exec(error.message)?.[1] ?? error.message
  return code ? `${words} (${code})` : words
}
