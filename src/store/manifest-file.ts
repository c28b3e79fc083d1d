import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { RunError, systemErrorText } from '../errors.js'
import { temporaryPath } from './atomic-write.js'
import {
  type FlagRecord,
  formatManifest,
  formatRecord,
  type Manifest,
  manifestFile,
  parseManifest,
} from './manifest.js'
import { readFile } from './read-file.js'

/** What is in a folder's `flags.json`. */
export type ManifestFile =
  | { readonly state: 'read'; readonly manifest: Manifest }
  /** There is no such file. */
  | { readonly state: 'absent' }
  /** There is one, and it is not of this program, or no longer whole. */
  | { readonly state: 'invalid' }

/** Reads a folder's record, and changes nothing. Throws RunError where the disk does not let it. */
export async function readManifest(folder: string): Promise<ManifestFile> {
  const file = join(folder, manifestFile)
  try {
    const manifest = parseManifest((await readFile(file)).toString())
    return manifest ? { state: 'read', manifest } : { state: 'invalid' }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR'].includes(code)) return { state: 'absent' }
    throw new RunError(`cannot read ${file}: ${systemErrorText(error)}`, { cause: error })
  }
}

/** Moves a record that cannot be loadManifest out of the way; gives its new path. */
export async function moveAside(folder: string): Promise<string> {
  const file = join(folder, manifestFile)
  const aside = `${file}.damaged-${Date.now()}`
  try {
    await rename(file, aside)
  } catch (error) {
    throw new RunError(`cannot set ${file} aside: ${systemErrorText(error)}`, { cause: error })
  }
  return aside
}

/**
 * A folder's record as a run writes it. Room for it on the disk is taken before a flag is saved, so
 * that a full disk does not cost the record of the flags that were.
 */
export interface ManifestWriter {
  /** Makes sure that there will be room for one record more. Rejects with the disk's error. */
  reserve(code: string, record: FlagRecord): Promise<void>
  /** Puts the record in place. Rejects with the disk's error. */
  write(manifest: Manifest): Promise<void>
  /** Gives the room back, where nothing was written. */
  discard(): Promise<void>
}

/** Room is taken in steps of so many bytes: enough for about 150 flags. */
const stepBytes = 65_536
const zeros = Buffer.alloc(stepBytes)

/** @param manifest what is recorded already, and will be written again. */
export function createManifestWriter(folder: string, manifest: Manifest): ManifestWriter {
  const path = join(folder, manifestFile)
  const temporary = temporaryPath(path)
  const oneAtATime = pLimit(1)
  let file: FileHandle | undefined
  let reservedBytes = 0
  let neededBytes = Buffer.byteLength(formatManifest(manifest))

  const grow = async () => {
    file ??= await open(temporary, 'wx')
    while (reservedBytes < neededBytes) {
      const { bytesWritten } = await file.write(zeros, 0, stepBytes, reservedBytes)
      reservedBytes += bytesWritten
    }
  }
  const close = async () => {
    await file?.close()
    file = undefined
  }

  const discard = async () => {
    await close()
    await rm(temporary, { force: true })
  }

  return {
    reserve(code, record) {
      neededBytes += Buffer.byteLength(formatRecord(code, record))
      return oneAtATime(grow)
    },
    async write(manifest) {
      try {
        file ??= await open(temporary, 'wx')
        const text = formatManifest(manifest)
        // From the start: taking room did not move the file's position.
        await file.writeFile(text)
        await file.truncate(Buffer.byteLength(text))
        await close()
        await rename(temporary, path)
      } catch (error) {
        await discard()
        throw error
      }
    },
    discard,
  }
}
