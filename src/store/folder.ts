import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import pLimit from 'p-limit'
import { isErrno, RunError, systemErrorText, withWriteError } from '../errors.js'
import { access, close, mkdir, mkdtemp, open, readdir, rm, unlink } from '../node.js'
import { isStaleTempFile, readRegularFile, writeAtomically } from './atomic-write.js'
import { createNameAllocator } from './file-names.js'
import {
  type FlagKey,
  type FlagRecord,
  type Manifest,
  manifestFile,
  manifestKey,
  withSendableValidators,
} from './manifest.js'
import { loadManifest, mergeIntoManifest } from './manifest-file.js'

/** An output folder: flags, and the manifest of them. */
export interface FlagFolder {
  /** Set if the folder's manifest was invalid and was moved aside. */
  readonly warning: string | undefined
  /** The path of a file in it. */
  pathOf(file: string): string
  /** A file name for this flag, made of `stem`, that no other flag has. */
  allocateName(stem: string, key: FlagKey): string
  /** The record of a flag, while its file still has the bytes that were saved. */
  verifiedRecord(key: FlagKey): Promise<FlagRecord | undefined>
  /** Puts a flag in place, whole, and records it. Throws RunError if the disk fails. */
  save(body: Buffer, facts: Omit<FlagRecord, 'bytes' | 'sha256'>): Promise<void>
  /** Writes the records of what was saved to the manifest, next to those of other runs. */
  close(): Promise<void>
}

/**
 * The thread pool has four threads: more calls at once only hold file handles open. These are few
 * enough for a process that may have 64 of them.
 */
const parallelFiles = 8

/**
 * Opens an output folder, created if missing. Throws RunError if it cannot be written to.
 *
 * @param signal once it aborts, waits for other runs in the folder are short
 */
export async function openFolder(given: string, signal: AbortSignal): Promise<FlagFolder> {
  // As join() normalizes each file's path: `link/../x` must not be two folders.
  const path = normalize(given)
  await withFolderError(path, prepare(path))
  const { manifest, warning } = await loadManifest(path, signal)
  const saved: Manifest = new Map()
  const limit = pLimit(parallelFiles)
  const pathOf = (file: string) => join(path, file)
  const hasRecordedBytes = async ({ file, bytes, sha256: recorded }: FlagRecord) => {
    const body = await readRegularFile(pathOf(file), bytes).catch(() => undefined)
    return body !== undefined && sha256(body) === recorded
  }
  /** Removes the old file of a flag that is saved under another name, unless others changed it. */
  const removeOrphan = async (old: FlagRecord | undefined, { file }: FlagRecord) => {
    if (!old || old.file.toLowerCase() === file.toLowerCase()) return
    const isShared = [...manifest.values()].some((record) => record.file === old.file)
    if (!isShared && (await hasRecordedBytes(old))) await unlink(pathOf(old.file)).catch(() => {})
  }

  return {
    warning,
    pathOf,
    allocateName: createNameAllocator(manifest),
    async verifiedRecord(key) {
      const record = manifest.get(manifestKey(key))
      return record && (await limit(() => hasRecordedBytes(record))) ? record : undefined
    },
    async save(body, facts) {
      const digest = { bytes: body.length, sha256: sha256(body) }
      const record = withSendableValidators({ ...facts, ...digest })
      const file = pathOf(facts.file)
      await limit(() => writeFlag(path, file, body))
      const key = manifestKey(facts)
      const old = manifest.get(key)
      manifest.set(key, record)
      saved.set(key, record)
      await removeOrphan(old, record)
    },
    async close() {
      if (saved.size > 0) await mergeIntoManifest(path, saved, signal)
    },
  }
}

async function prepare(path: string): Promise<void> {
  await makeFolder(path)
  await access(path, constants.W_OK)
  const names = await readdir(path)
  if (names.includes(probeFile)) await checkRemoval(path)
  for (const name of names) {
    const file = join(path, name)
    // One that cannot be removed does no harm.
    if (await isStaleTempFile(file)) await unlink(file).catch(() => {})
  }
}

async function writeFlag(folder: string, file: string, body: Buffer): Promise<void> {
  try {
    await withWriteError(file, writeAtomically(file, body))
  } catch (error) {
    const isRefused = error instanceof RunError && isErrno(error.cause, 'EPERM')
    if (isRefused) await withFolderError(folder, checkRemoval(folder))
    throw error
  }
}

/** Waits for a folder to be used; a failure becomes a RunError that names the folder. */
async function withFolderError(path: string, using: Promise<void>): Promise<void> {
  try {
    await using
  } catch (error) {
    const isFile = isErrno(error, 'EEXIST', 'ENOTDIR')
    const why = isFile ? 'it is a file, not a folder' : systemErrorText(error)
    throw new RunError(`cannot write to the folder ${path}: ${why}`, { cause: error })
  }
}

const probeFile = `.${manifestFile}.probe`

// Truncates nothing, follows no link, waits for no pipe. Windows lacks some of these flags.
const probeFlags =
  constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Rejects in an append-only folder, where files can be created but not renamed. A run finds that out when it
 * saves its first flag, and leaves a file there that tells the next one.
 */
async function checkRemoval(folder: string): Promise<void> {
  const file = join(folder, probeFile)
  try {
    await close(await open(file, probeFlags))
  } catch (error) {
    // Another user's run left it, or it is a link or a pipe: that says nothing about the folder.
    if (isErrno(error, 'EACCES', 'ELOOP', 'ENXIO')) return
    throw error
  }
  try {
    await unlink(file)
  } catch (error) {
    // Another run removed it.
    if (isErrno(error, 'ENOENT')) return
    const why = systemErrorText(error)
    throw new Error(`its files cannot be renamed or removed: ${why}`, { cause: error })
  }
}

/** Node's own recursive mkdir never ends below /proc, which refuses new folders with ENOENT. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    // Reading it shows what it is.
    if (isErrno(error, 'EEXIST', 'EISDIR')) return
    const parent = dirname(path)
    if (!isErrno(error, 'ENOENT') || parent === path) throw error
    await makeFolder(parent)
    await mkdir(path).catch((again) => {
      // Another run made it meanwhile.
      if (!isErrno(again, 'EEXIST')) throw again
    })
  }
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

/** Creates a folder and removes it after its use. Throws RunError if it cannot be created. */
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
