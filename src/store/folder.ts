import { createHash } from 'node:crypto'
import { access, constants, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { RunError, systemErrorText } from '../endings/run-error.js'
import { processOfTemporary, writeAtomically } from './atomic-write.js'
import {
  type FlagRecord,
  formatManifest,
  type Manifest,
  manifestFile,
  parseManifest,
} from './manifest.js'

/** An output folder: flags, and the record of them. */
export interface FlagFolder {
  /** Set where the folder's record could not be read and was put aside. */
  readonly notice: string | undefined
  /** The path of a file in it. */
  pathOf(file: string): string
  /** The record of a flag, while its file still holds the very bytes that were saved. */
  recordOf(code: string): Promise<FlagRecord | undefined>
  /** Puts a flag in place, whole, and notes it. Throws RunError where the disk does not take it. */
  save(code: string, body: Buffer, facts: Omit<FlagRecord, 'bytes' | 'sha256'>): Promise<void>
  /** Writes the record of what was saved since the folder was opened, beside what others recorded. */
  writeManifest(): Promise<void>
}

/**
 * The thread pool has four threads: more calls at once only hold file handles open. These are few
 * enough for a process that may have 64 of them.
 */
const filesAtOnce = 8

/** Opens an output folder, which is made if missing. Throws RunError where it cannot be written to. */
export async function openFolder(path: string): Promise<FlagFolder> {
  await prepare(path)
  const { manifest, notice } = await readManifest(path)
  const saved: Manifest = new Map()
  const limit = pLimit(filesAtOnce)
  const pathOf = (file: string) => join(path, file)

  return {
    notice,
    pathOf,
    async recordOf(code) {
      const record = manifest.get(code)
      if (!record) return undefined
      const body = await limit(() => readFile(pathOf(record.file)).catch(() => undefined))
      return body && sha256(body) === record.sha256 ? record : undefined
    },
    async save(code, body, facts) {
      await limit(() => write(pathOf(facts.file), body))
      const record = { ...facts, bytes: body.length, sha256: sha256(body) }
      manifest.set(code, record)
      saved.set(code, record)
    },
    async writeManifest() {
      if (saved.size === 0) return
      // Another process may have recorded flags of its own in the meantime.
      const current = await readManifest(path)
      await write(pathOf(manifestFile), formatManifest(new Map([...current.manifest, ...saved])))
    },
  }
}

async function prepare(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
    await removeLitter(path)
  } catch (error) {
    throw new RunError(`cannot write to the folder ${path}: ${systemErrorText(error)}`, {
      cause: error,
    })
  }
}

/** Removes the temporary files of runs that were killed, but not those of a process that lives. */
async function removeLitter(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const pid = processOfTemporary(name)
    if (pid !== undefined && pid !== process.pid && !isAlive(pid)) {
      await rm(join(path, name), { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function readManifest(
  path: string,
): Promise<{ manifest: Manifest; notice: string | undefined }> {
  const file = join(path, manifestFile)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { manifest: new Map(), notice: undefined }
    }
    throw new RunError(`cannot read ${file}: ${systemErrorText(error)}`, { cause: error })
  }
  const manifest = parseManifest(text)
  if (manifest) return { manifest, notice: undefined }

  const aside = `${file}.damaged-${Date.now()}`
  await rename(file, aside)
  return {
    manifest: new Map(),
    notice: `${file} is not a record of this program; it was set aside as ${aside}`,
  }
}

async function write(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await writeAtomically(path, data)
  } catch (error) {
    throw new RunError(`cannot write ${path}: ${systemErrorText(error)}`, { cause: error })
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
