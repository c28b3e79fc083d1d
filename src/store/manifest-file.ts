import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isErrno, RunError, systemErrorText, withWriteError } from '../errors.js'
import { writeAtomically } from './atomic-write.js'
import { formatManifest, type Manifest, manifestFile, parseManifest } from './manifest.js'
import { readFile } from './read-file.js'

/** What a folder's `flags.json` is. */
export type ManifestFile =
  | { readonly state: 'read'; readonly manifest: Manifest }
  | { readonly state: 'absent' }
  /** Damaged, or of another program. */
  | { readonly state: 'invalid' }

/** Far more than the records of all codes take. */
const maxManifestBytes = 32_000_000

/** Reads a folder's manifest, and changes nothing. Throws RunError where the disk fails. */
export async function readManifest(folder: string): Promise<ManifestFile> {
  const file = join(folder, manifestFile)
  try {
    const manifest = parseManifest((await readFile(file, maxManifestBytes)).toString())
    return manifest ? { state: 'read', manifest } : { state: 'invalid' }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return { state: 'absent' }
    const why = error instanceof RunError ? error.message : systemErrorText(error)
    throw new RunError(`cannot read ${file}: ${why}`, { cause: error })
  }
}

/** Reads the manifest that a command needs. Throws RunError where there is none. */
export async function requireManifest(folder: string): Promise<Manifest> {
  const file = await readManifest(folder)
  switch (file.state) {
    case 'read':
      return file.manifest
    case 'absent':
      throw new RunError(`no ${manifestFile} in ${folder}; run 'flags download -o ${folder}' first`)
    case 'invalid':
      throw new RunError(`${join(folder, manifestFile)} is damaged or of another program`)
  }
}

/** A folder's manifest, with a warning where it was moved aside because it is invalid. */
export interface LoadedManifest {
  readonly manifest: Manifest
  readonly warning: string | undefined
}

/** Reads the manifest for a run, which begins a new one where there is none. */
export async function loadManifest(folder: string): Promise<LoadedManifest> {
  const file = await readManifest(folder)
  if (file.state === 'read') return { manifest: file.manifest, warning: undefined }
  if (file.state === 'absent') return { manifest: new Map(), warning: undefined }
  const aside = await moveAside(folder)
  const path = join(folder, manifestFile)
  const warning = `${path} is damaged or of another program: moved aside to ${aside}`
  return { manifest: new Map(), warning }
}

/** Moves an invalid manifest out of the way, in place of an earlier one, and gives its new path. */
async function moveAside(folder: string): Promise<string> {
  const file = join(folder, manifestFile)
  const prefix = `${manifestFile}.damaged-`
  const earlier = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  const aside = join(folder, `${prefix}${Date.now()}`)
  try {
    await rename(file, aside)
  } catch (error) {
    throw new RunError(`cannot move ${file} aside: ${systemErrorText(error)}`, { cause: error })
  }
  for (const name of earlier) {
    const path = join(folder, name)
    if (path !== aside) await rm(path, { force: true }).catch(() => {})
  }
  return aside
}

/** Adds records to a folder's manifest, beside what other runs recorded. Throws RunError. */
export async function mergeIntoManifest(folder: string, records: Manifest): Promise<void> {
  const unlock = await lock(folder)
  try {
    const { manifest } = await loadManifest(folder)
    const merged = formatManifest(new Map([...manifest, ...records]))
    const path = join(folder, manifestFile)
    await withWriteError(path, writeAtomically(path, merged))
  } finally {
    await unlock()
  }
}

/** A merge takes milliseconds: a lock of this age belongs to a process that was killed. */
const staleLockMs = 5000
const lockRetryMs = 10
/** Waiting longer would lose more than merging without a lock. */
const maxLockWaitMs = 2 * staleLockMs

/**
 * Locks a folder's manifest against other runs, by a file that only one can create, and gives the
 * function that unlocks it. Where the file cannot be created at all, the merge goes on without.
 */
async function lock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, `.${manifestFile}.lock`)
  const giveUpAt = performance.now() + maxLockWaitMs
  while (performance.now() < giveUpAt) {
    try {
      await (await open(file, 'wx')).close()
      return () => rm(file, { force: true }).catch(() => {})
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) return async () => {}
    }
    const stats = await stat(file).catch(() => undefined)
    const isStale = stats !== undefined && Date.now() - stats.mtimeMs > staleLockMs
    if (isStale) await rm(file, { recursive: true, force: true }).catch(() => {})
    await sleep(lockRetryMs)
  }
  return async () => {}
}
