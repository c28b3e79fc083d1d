import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError, systemErrorText } from '../errors.js'

/**
 * Gives a folder that is gone when the use of it is over, however that ends. Throws RunError where it
 * cannot be made.
 */
export async function withTempFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'flags-')).catch((error) => {
    const why = systemErrorText(error)
    throw new RunError(`cannot make a folder in ${tmpdir()}: ${why}`, { cause: error })
  })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
