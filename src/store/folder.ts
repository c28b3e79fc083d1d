import { hash } from 'node:crypto'
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pLimit from 'p-limit'
import { RunError, systemErrorText, withWriteError } from '../errors.js'
import { isOwnTemporary, isStaleTempFile, temporaryPath, writeAtomically } from './atomic-write.js'
import { createNameAllocator } from './file-names.js'
import { type FlagRecord, formatManifest, type Manifest, manifestFile } from './manifest.js'
import { createManifestWriter, moveAside, readManifest } from './manifest-file.js'
import { readFile } from './read-file.js'

/** An output folder: flags, and the record of them. */
export interface FlagFolder {
  /** Set where the folder's record could not be loadManifest and was set aside. */
  readonly warning: string | undefined
  /** The path of a file in it. */
  pathOf(file: string): string
  /** A file name for this flag, made of `stem`, that no other flag has. */
  allocateName(stem: string, code: string): string
  /** The record of a flag, while its file still holds the very bytes that were saved. */
  verifiedRecord(code: string): Promise<FlagRecord | undefined>
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
  const { manifest, warning } = await loadManifest(path)
  const saved: Manifest = new Map()
  const limit = pLimit(filesAtOnce)
  const writer = createManifestWriter(path, manifest)
  const pathOf = (file: string) => join(path, file)
  let callOff: (() => void) | undefined

  return {
    warning,
    pathOf,
    allocateName: createNameAllocator(manifest),
    async verifiedRecord(code) {
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
        await withWriteError(file, writer.reserve(code, record))
        await withWriteError(file, writeAtomically(file, body))
      })
      manifest.set(code, record)
      saved.set(code, record)
    },
    async close() {
      try {
        if (saved.size === 0) return await writer.discard()
        // Another process may have recorded flags of its own in the meantime.
        const current = await loadManifest(path)
        const all = new Map([...current.manifest, ...saved])
        await withWriteError(pathOf(manifestFile), writer.write(all))
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
      if (await isStaleTempFile(join(path, name))) await rm(join(path, name), { force: true })
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

/** The folder's record, if it can be loadManifest; else none, and the file is set aside. */
async function loadManifest(
  path: string,
): Promise<{ manifest: Manifest; warning: string | undefined }> {
  const recorded = await readManifest(path)
  switch (recorded.state) {
    case 'read':
      return { manifest: recorded.manifest, warning: undefined }
    case 'absent':
      return { manifest: new Map(), warning: undefined }
    case 'invalid': {
      const aside = await moveAside(path)
      const warning = `${join(path, manifestFile)} is damaged or not of this program: set aside as ${aside}`
      return { manifest: new Map(), warning }
    }
  }
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

/**
 * Where the process ends in the middle of a run (a second Ctrl-C), records what was saved and removes
 * what is half-written, at the last moment. It blocks, which then matters no more. The function it
 * gives calls that off.
 */
export function finishAtExit(folder: string, manifest: Manifest, saved: Manifest): () => void {
  const finish = () => {
    try {
      if (saved.size > 0) {
        const temporary = temporaryPath(join(folder, manifestFile))
        writeFileSync(temporary, formatManifest(manifest))
        renameSync(temporary, join(folder, manifestFile))
      }
      const left = readdirSync(folder).filter(isOwnTemporary)
      for (const name of left) rmSync(join(folder, name), { force: true })
    } catch {
      // There is nobody left to tell; the next run tidies up.
    }
  }
  if (unfinished.size === 0) process.once('exit', finishAll)
  unfinished.add(finish)
  return () => {
    unfinished.delete(finish)
    if (unfinished.size === 0) process.off('exit', finishAll)
  }
}

/** Those of all runs of this process: it has one listener for them, however many there are. */
const unfinished = new Set<() => void>()

function finishAll(): void {
  for (const finish of unfinished) finish()
}
