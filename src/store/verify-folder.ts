import { join } from 'node:path'
import { RunError, systemErrorText } from '../endings/run-error.js'
import { checkGif } from '../images/gif.js'
import { sha256 } from './folder.js'
import { manifestFile } from './manifest.js'
import { readRecorded } from './manifest-file.js'
import { readFile } from './read-file.js'

/** What holding a flag's file against its record came to. */
export interface Verified {
  readonly code: string
  readonly path: string
  readonly finding: 'whole' | 'missing' | 'changed' | 'unreadable'
  /** What is wrong, in one line; empty where the file is whole. */
  readonly message: string
}

/**
 * Holds the files of a folder against its record, in the order of their codes, and changes nothing.
 * Throws RunError where there is no record that can be read.
 */
export async function* verifyFolder(folder: string): AsyncGenerator<Verified, void, undefined> {
  const recorded = await readRecorded(folder)
  if (recorded.state !== 'read') {
    const why =
      recorded.state === 'absent'
        ? 'there is none; flags download makes one'
        : 'it is damaged or not of this program'
    throw new RunError(`cannot read ${join(folder, manifestFile)}: ${why}`)
  }
  for (const [code, record] of recorded.manifest) {
    const path = join(folder, record.file)
    yield { code, path, ...(await holdAgainst(path, record.sha256)) }
  }
}

async function holdAgainst(
  path: string,
  recordedSha256: string,
): Promise<Pick<Verified, 'finding' | 'message'>> {
  let body: Buffer
  try {
    body = await readFile(path)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing
      ? { finding: 'missing', message: 'the file is not there' }
      : { finding: 'unreadable', message: systemErrorText(error) }
  }
  if (!checkGif(body).isWhole) return { finding: 'changed', message: 'no longer a whole GIF image' }
  if (sha256(body) !== recordedSha256) {
    return { finding: 'changed', message: 'another SHA-256 than recorded' }
  }
  return { finding: 'whole', message: '' }
}
