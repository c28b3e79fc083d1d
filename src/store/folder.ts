import { hash } from 'node:crypto'
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pLimit from 'p-limit'
import { orCannotWrite, RunError, systemErrorText } from '../endings/run-error.js'
import { isLitter, writeAtomically } from './atomic-write.js'
import { createClaims } from './claims.js'
import { finishAtExit } from './finish-at-exit.js'
import { type FlagRecord, type Manifest, manifestFile } from './manifest.js'
import { createManifestWriter, readRecorded, setAside } from './manifest-file.js'
import { readFile } from './read-file.js'

/** An output folder: flags, and the record of them. */
export interface FlagFolder {
  /** Set where the folder's record could not be trusted and was set aside. */
  readonly notice: string | undefined
  /** The path of a file in it. */
  pathOf(file: string): string
  /** A file name for this flag, made of `stem`, that no other flag has. */
  claim(stem: string, code: string): string
  /** The record of a flag, while its file still holds the very bytes that were saved. */
  recordOf(code: string): Promise<FlagRecord | undefined>
  /** Puts a flag in place, whole, and notes it. Throws RunError where the disk does not take it. */
  save(code: string, body: Buffer, facts: Omit<FlagRecord, 'bytes' | 'sha256'>): Promise<void>
  /** Records what was saved since the folder was opened, beside what others recorded. */
  close(): Promise<void>
}

/**
 * The thread pool has four threads: more calls at once only hold file handles open. These are few
 * enough for a process that may have 64 of them.
 */
const filesAtOnce = 8

/** Opens an output folder, which is made if missing. Throws RunError where it cannot be written to. */
export async function openFolder(path: string): Promise<FlagFolder> {
  await prepare(path)
  const { manifest, notice } = await trusted(path)
  const saved: Manifest = new Map()
  const limit = pLimit(filesAtOnce)
  const writer = createManifestWriter(path, manifest)
  const pathOf = (file: string) => join(path, file)
  let callOff: (() => void) | undefined

  return {
    notice,
    pathOf,
    claim: createClaims(manifest),
    async recordOf(code) {
      const record = manifest.get(code)
      if (!record) return undefined
      const body = await limit(() => readFile(pathOf(record.file)).catch(() => undefined))
      return body && sha256(body) === record.sha256 ? record : undefined
    },
    async save(code, body, facts) {
      const record = { ...facts, bytes: body.length, sha256: sha256(body) }
      const file = pathOf(facts.file)
      // Before anything is written, there is nothing to finish.
      callOff ??= finishAtExit(path, manifest, saved)
      await limit(async () => {
        await orCannotWrite(file, writer.reserve(code, record))
        await orCannotWrite(file, writeAtomically(file, body))
      })
      manifest.set(code, record)
      saved.set(code, record)
    },
    async close() {
      try {
        if (saved.size === 0) return await writer.discard()
        // Another process may have recorded flags of its own in the meantime.
        const current = await trusted(path)
        const all = new Map([...current.manifest, ...saved])
        await orCannotWrite(pathOf(manifestFile), writer.write(all))
      } finally {
        callOff?.()
      }
    },
  }
}

async function prepare(path: string): Promise<void> {
  try {
    await makeFolder(path)
    await access(path, constants.W_OK)
    for (const name of await readdir(path)) {
      if (await isLitter(join(path, name))) await rm(join(path, name), { force: true })
    }
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isFile ? 'it is a file, not a folder (EEXIST)' : systemErrorText(error)
    throw new RunError(`cannot write to the folder ${path}: ${why}`, { cause: error })
  }
}

/** Makes a folder and those it is in. (Node's own way of it never ends below /proc.) */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const parent = dirname(path)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await mkdir(path)
  }
}

/** The folder's record, if it can be trusted; else none, and the file is set aside. */
async function trusted(path: string): Promise<{ manifest: Manifest; notice: string | undefined }> {
  const recorded = await readRecorded(path)
  switch (recorded.state) {
    case 'read':
      return { manifest: recorded.manifest, notice: undefined }
    case 'absent':
      return { manifest: new Map(), notice: undefined }
    case 'foreign': {
      const aside = await setAside(path)
      const notice = `${join(path, manifestFile)} is damaged or not of this program: set aside as ${aside}`
      return { manifest: new Map(), notice }
    }
  }
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}
