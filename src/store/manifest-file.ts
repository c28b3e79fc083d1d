import { lstatSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isErrno, RunError, shellQuoted, systemErrorText, withWriteError } from '../errors.js'
import { clockMs, close, fstat, lstat, open, readdir, rename, stat, unlink } from '../node.js'
import { keepAtExit, readRegularFile, removeAtExit, writeAtomically } from './atomic-write.js'
import {
  formatManifest,
  type Manifest,
  type ManifestProblem,
  manifestFile,
  parseManifest,
} from './manifest.js'

/** What a folder's `flags.json` is. */
export type ManifestFile =
  | { readonly state: 'read'; readonly manifest: Manifest }
  | { readonly state: 'absent' }
  | { readonly state: ManifestProblem }

/** Far more than the records of all codes take. */
const maxManifestBytes = 32_000_000

/** Reads a folder's manifest, and changes nothing. Throws RunError if the disk fails. */
export async function readManifest(folder: string): Promise<ManifestFile> {
  const file = join(folder, manifestFile)
  try {
    const manifest = parseManifest((await readRegularFile(file, maxManifestBytes)).toString())
    return typeof manifest === 'string' ? { state: manifest } : { state: 'read', manifest }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return { state: 'absent' }
    throw new RunError(`cannot read ${file}: ${systemErrorText(error)}`, { cause: error })
  }
}

/** Reads a folder's manifest; undefined if there is none. Throws RunError if it cannot be used. */
export async function optionalManifest(folder: string): Promise<Manifest | undefined> {
  const file = await readManifest(folder)
  switch (file.state) {
    case 'read':
      return file.manifest
    case 'absent':
      return undefined
    case 'damaged':
      throw unusable(folder, 'damaged', `run '${downloadTo(folder)}' to replace it`)
    case 'later':
      throw unusable(folder, 'later', 'update flags to read it')
  }
}

function downloadTo(folder: string): string {
  return `flags download -o ${shellQuoted(folder)}`
}

function unusable(folder: string, problem: ManifestProblem, nextStep: string): RunError {
  return new RunError(`${join(folder, manifestFile)} ${problems[problem]}; ${nextStep}`)
}

const problems: Readonly<Record<ManifestProblem, string>> = {
  damaged: 'is damaged or was written by another program',
  later: 'was written by a later version of flags',
}

/** Reads the manifest that a command needs. Throws RunError if there is none. */
export async function requireManifest(folder: string): Promise<Manifest> {
  const manifest = await optionalManifest(folder)
  if (manifest) return manifest
  const stats = await stat(folder).catch(() => undefined)
  if (stats && !stats.isDirectory())
    throw new RunError(`${folder} is ${stats.isFile() ? 'a file, ' : ''}not a folder`)
  throw new RunError(`no ${manifestFile} in ${folder}; run '${downloadTo(folder)}' first`)
}

/**
 * Reads the manifest for a run, which begins a new one where there is none; `warning` is set if one that
 * cannot be used was moved aside. Throws RunError.
 *
 * @param signal once it aborts, waits for other runs are short
 */
export async function loadManifest(folder: string, signal: AbortSignal) {
  const { state } = await readManifest(folder)
  const isUsable = state === 'read' || state === 'absent'
  // Under the lock: otherwise it might move aside what another run has just written.
  return isUsable ? loadLocked(folder) : withLock(folder, signal, () => loadLocked(folder))
}

async function loadLocked(
  folder: string,
): Promise<{ manifest: Manifest; warning: string | undefined }> {
  const file = await readManifest(folder)
  if (file.state === 'read') return { manifest: file.manifest, warning: undefined }
  if (file.state === 'absent') return { manifest: new Map(), warning: undefined }
  const aside = await moveAside(folder, file.state)
  const path = join(folder, manifestFile)
  const warning = `${path} ${problems[file.state]}: moved aside to ${aside}`
  return { manifest: new Map(), warning }
}

/**
 * Moves a manifest out of the way and gives its new path. A damaged one replaces an earlier one; one of a
 * later version is kept for that version.
 */
async function moveAside(folder: string, problem: ManifestProblem): Promise<string> {
  const file = join(folder, manifestFile)
  const prefix = `${manifestFile}.${problem}-`
  const earlier = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  const aside = join(folder, `${prefix}${Date.now()}`)
  try {
    await rename(file, aside)
  } catch (error) {
    // Another run has moved it.
    if (isErrno(error, 'ENOENT')) return aside
    throw new RunError(`cannot move ${file} aside: ${systemErrorText(error)}`, { cause: error })
  }
  for (const name of problem === 'damaged' ? earlier : []) {
    const path = join(folder, name)
    if (path !== aside) await unlink(path).catch(() => {})
  }
  return aside
}

/** Merges records into a folder's manifest, next to those of other runs. Throws as loadManifest does. */
export async function mergeIntoManifest(
  folder: string,
  records: Manifest,
  signal: AbortSignal,
): Promise<void> {
  await withLock(folder, signal, async () => {
    const { manifest } = await loadLocked(folder)
    const merged = formatManifest(new Map([...manifest, ...records]))
    const path = join(folder, manifestFile)
    await withWriteError(path, writeAtomically(path, merged))
  })
}

/** A merge takes milliseconds: a lock of this age belongs to a process that was killed. */
const staleLockMs = 5000
const lockRetryMs = 10
/** Waiting longer would lose more than merging without a lock. */
const maxLockWaitMs = 2 * staleLockMs
/** An interrupted run ends within a second. */
const interruptedLockWaitMs = 500

/**
 * Uses a folder's manifest while it is locked against other runs, by a file that only one can create. Without
 * a lock if the file cannot be created at all.
 */
async function withLock<T>(folder: string, signal: AbortSignal, use: () => Promise<T>): Promise<T> {
  const file = join(folder, `.${manifestFile}.lock`)
  const fd = await lock(file, signal)
  try {
    return await use()
  } finally {
    if (fd !== undefined) await unlock(file, fd)
  }
}

/** Creates the lock file and leaves it open; resolves to undefined if it cannot. */
async function lock(file: string, signal: AbortSignal): Promise<number | undefined> {
  const startedAt = clockMs()
  const maxWaitMs = () => (signal.aborted ? interruptedLockWaitMs : maxLockWaitMs)
  while (clockMs() - startedAt < maxWaitMs()) {
    try {
      const fd = await open(file, 'wx')
      removeAtExit(file)
      return fd
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) return undefined
    }
    removeStaleLock(file)
    await sleep(lockRetryMs)
  }
  return undefined
}

/** Removes the lock file, unless another run has taken it over from this one, which was suspended. */
async function unlock(file: string, fd: number): Promise<void> {
  keepAtExit(file)
  // No other file has the inode number of one that is open.
  const [own, current] = await Promise.all([fstat(fd), lstat(file)]).catch(() => [])
  // First: while a removed file is open, Windows lets nobody create another of its name.
  await close(fd)
  if (own && own.ino === current?.ino) await unlink(file).catch(() => {})
}

/** Synchronous: a run that takes the lock between the check of its age and its removal would lose it. */
function removeStaleLock(file: string): void {
  try {
    // A time in the future comes from a clock that was wrong.
    const ageMs = Math.abs(Date.now() - lstatSync(file).mtimeMs)
    if (ageMs > staleLockMs) rmSync(file, { recursive: true, force: true })
  } catch {
    // Another run was faster, or it cannot be removed.
  }
}
