import { getSystemErrorMap } from 'node:util'

/** The run as a whole could not start or go on (disk, port): exit status 3. */
export class RunError extends Error {
  override readonly name = 'RunError'
}

/** What a failed system call says, with its error code: `no space left on device (ENOSPC)`. */
export function systemErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { errno, code } = error as NodeJS.ErrnoException
  // Node's own text adds the call and the path, which our sentences name already.
  const words = getSystemErrorMap().get(errno ?? 0)?.[1] ?? error.message
  return code ? `${words} (${code})` : words
}

/** Waits for a file to be written; what goes wrong becomes a RunError that names it. */
export async function orCannotWrite(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw new RunError(`cannot write ${path}: ${systemErrorText(error)}`, { cause: error })
  }
}
