import * as fs from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

// Not those of fs/promises: they make a FileHandle for each file, which costs time and is not needed.
const writeFile = promisify(fs.writeFile)
const rename = promisify(fs.rename)

/**
 * Writes a file that appears whole or not at all: to a temporary file beside it, then renamed over it.
 *
 * It is not flushed to the disk: that would cost more than the download. What a power cut spoils no
 * longer has the SHA-256 of its record, so the next run fetches it again.
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryPath(path)
  try {
    await writeFile(temporary, data, { flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

let sequence = 0

/** A name of its own beside a file, that tells which process of which machine it belongs to. */
export function temporaryPath(path: string): string {
  sequence += 1
  const owner = `${machine()}-${process.pid}-${sequence}`
  return join(dirname(path), `.${basename(path)}.${owner}.tmp`)
}

/**
 * Was this file left by a run that was killed? A process of this machine can be asked whether it
 * lives. One of another (or of another container) cannot: its file is left by it after a day.
 */
export async function isStaleTempFile(path: string): Promise<boolean> {
  const owner = parseTempName(basename(path))
  if (!owner) return false
  if (owner.host === machine()) return owner.pid !== process.pid && !isAlive(owner.pid)
  // It may have been renamed meanwhile, by the process that wrote it.
  const written = await stat(path).catch(() => undefined)
  return written !== undefined && Date.now() - written.mtimeMs > dayMs
}

/** Is this file name that of a temporary file of this process? */
export function isOwnTemporary(name: string): boolean {
  const owner = parseTempName(name)
  return owner?.host === machine() && owner.pid === process.pid
}

/** Whose temporary file it is, by its name; undefined where it is none. */
function parseTempName(name: string): { host: string; pid: number } | undefined {
  const [, host, pid] = /^\..+\.([^.]+)-(\d+)-\d+\.tmp$/.exec(name) ?? []
  return host === undefined ? undefined : { host, pid: Number(pid) }
}

const dayMs = 86_400_000

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

let machineName: string | undefined

/** The machine's name, as far as it can be part of a file's. */
function machine(): string {
  machineName ??= hostname().replace(/[^\w-]/g, '_')
  return machineName
}
