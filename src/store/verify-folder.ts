import { join } from 'node:path'
import { RunError, systemErrorText } from '../errors.js'
import { checkGif } from '../images/gif.js'
import { sha256 } from './folder.js'
import { manifestFile } from './manifest.js'
import { readManifest } from './manifest-file.js'
import { readFile } from './read-file.js'

/** What holding a flag's file against its record came to. */
export interface Verified {
  readonly code: string
  readonly path: string
  readonly status: 'whole' | 'missing' | 'changed' | 'unreadable'
  /** What is wrong, in one line; empty where the file is whole. */
  readonly message: string
}

/**
 * Holds the files of a folder against its record, in the order of their codes, and changes nothing.
 * Throws RunError where there is no record that can be read.
 */
export async function* verifyFolder(folder: string): AsyncGenerator<Verified, void, undefined> {
  const recorded = await readManifest(folder)
  if (recorded.state !== 'read') {
    const why =
      recorded.state === 'absent'
        ? 'there is none; flags download makes one'
        : 'it is damaged or not of this program'
    throw new RunError(`cannot read ${join(folder, manifestFile)}: ${why}`)
  }
  for (const [code, record] of recorded.manifest) {
    const path = join(folder, record.file)
    yield { code, path, ...(await checkFile(path, record.sha256)) }
  }
}

async function checkFile(
  path: string,
  recordedSha256: string,
): Promise<Pick<Verified, 'status' | 'message'>> {
  let body: Buffer
  try {
    body = await readFile(path)
  } catch (error) {
    const countsAsFailure = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return countsAsFailure
      ? { status: 'missing', message: 'the file is not there' }
      : { status: 'unreadable', message: systemErrorText(error) }
  }
  if (!checkGif(body).isComplete)
    return { status: 'changed', message: 'no longer a whole GIF image' }
  if (sha256(body) !== recordedSha256) {
    return { status: 'changed', message: 'another SHA-256 than recorded' }
  }
  return { status: 'whole', message: '' }
}
