import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError, systemErrorText } from '../errors.js'

/** Creates a folder and removes it after its use. Throws RunError where it cannot be created. */
export async function withTempFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'flags-')).catch((error) => {
    const why = systemErrorText(error)
    throw new RunError(`cannot create a folder in ${tmpdir()}: ${why}`, { cause: error })
  })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
