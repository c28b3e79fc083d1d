import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunError, systemErrorText } from '../endings/run-error.js'
import { type Manifest, manifestFile, parseManifest } from './manifest.js'

/**
 * The record of what is in a folder, for those that only look: nothing is made, moved or removed.
 * Undefined where there is none, or none of this program. Throws RunError where it cannot be read.
 */
export async function readRecord(folder: string): Promise<Manifest | undefined> {
  const file = join(folder, manifestFile)
  try {
    return parseManifest(await readFile(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new RunError(`cannot read ${file}: ${systemErrorText(error)}`, { cause: error })
  }
}
