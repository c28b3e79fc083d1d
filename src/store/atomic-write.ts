import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isErrno, RunError, systemErrorText } from '../errors.js'
import { close, fstat, open, read, rename, stat, unlink, writeFile } from '../node.js'

// Without O_NONBLOCK, opening a named pipe waits for a writer. Windows has no such flag.
const flags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0)

/** The largest file that is read: the sizes in a `flags.json` cannot be trusted. */
const maxFileBytes = 100_000_000

/**
 * Reads a regular file of at most `maxBytes`, and 100 MB. Rejects with a system error; with a RunError for
 * a larger one, and for a device or a pipe, which may have no end.
 */
export function readRegularFile(
  path: string,
  maxBytes: number,
  limitText = (bytes: number) => `${bytes} bytes`,
): Promise<Buffer> {
  return readStart(path, (size) => {
    const limit = Math.min(maxBytes, maxFileBytes)
    if (size > limit) throw new RunError(`larger than ${limitText(limit)}`)
    return size
  })
}

/** The bytes at the start of a file that show who wrote it. */
const ownMarkBytes = 2048

/**
 * Throws RunError if there is a file at a path that this program did not write.
 *
 * @param isOwn whether the program wrote a file that starts with this text
 */
export async function requireOwnFile(
  path: string,
  isOwn: (start: string) => boolean,
): Promise<void> {
  const start = await readStart(path, (size) => Math.min(size, ownMarkBytes)).catch((error) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw new RunError(`cannot write ${path}: ${systemErrorText(error)}`, { cause: error })
  })
  if (start === undefined || isOwn(start.toString())) return
  throw new RunError(`cannot write ${path}: it was not written by flags; rename or remove it`)
}

async function readStart(path: string, bytesOf: (size: number) => number): Promise<Buffer> {
  const fd = await open(path, flags)
  try {
    const stats = await fstat(fd)
    if (!stats.isFile()) throw new RunError('not a regular file')
    const buffer = Buffer.allocUnsafe(bytesOf(stats.size))
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await read(fd, buffer, length, buffer.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await close(fd)
  }
}

/**
 * Writes a file that appears whole or not at all. A flush to the disk would cost more than the download:
 * after a power cut, the recorded SHA-256 shows what is damaged.
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = tempPath(path)
  removeAtExit(temporary)
  try {
    await writeFile(temporary, data, { flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    // A file of that name that existed before belongs to another process.
    if (!isErrno(error, 'EEXIST')) await unlink(temporary).catch(() => {})
    throw error
  } finally {
    keepAtExit(temporary)
  }
}

/** The temporary files and locks of this process, which it removes if it has to end at once. */
const unfinished = new Set<string>()

export function removeAtExit(path: string): void {
  if (unfinished.size === 0) process.once('exit', removeUnfinished)
  unfinished.add(path)
}

export function keepAtExit(path: string): void {
  unfinished.delete(path)
  if (unfinished.size === 0) process.off('exit', removeUnfinished)
}

function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      fs.rmSync(path, { force: true })
    } catch {
      // It does no harm.
    }
  }
}

/** Counts up from a random number of this process. */
let nextTempId = randomBytes(6).readUIntBE(0, 6)

/** A name beside the file that no other process uses. */
function tempPath(path: string): string {
  nextTempId = (nextTempId + 1) % 2 ** 48
  const id = nextTempId.toString(16).padStart(12, '0')
  return join(dirname(path), `.${basename(path)}.${id}.tmp`)
}

const tempName = /^\..+\.[0-9a-f]{12}\.tmp$/

/** A temporary file lives for milliseconds: one of this age belongs to a run that was killed. */
const staleMs = 60_000

/** Was this file left by a run that was killed? */
export async function isStaleTempFile(path: string): Promise<boolean> {
  if (!tempName.test(basename(path))) return false
  // The process that wrote it may have renamed it by now.
  const stats = await stat(path).catch(() => undefined)
  return stats !== undefined && Date.now() - stats.mtimeMs > staleMs
}
