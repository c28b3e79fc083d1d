import { join } from 'node:path'
import { isErrno, RunError, systemErrorText } from '../errors.js'
import { formatNames, type ImageFormat } from '../images/format.js'
import { imageChecker } from '../images/image.js'
import { readRegularFile } from './atomic-write.js'
import { sha256 } from './folder.js'
import type { FlagRecord } from './manifest.js'
import { requireManifest } from './manifest-file.js'

/** A flag's file, compared with its record. */
export interface CheckedFile {
  readonly code: string
  readonly format: ImageFormat
  readonly path: string
  readonly status: 'whole' | 'missing' | 'changed' | 'unreadable'
  /** What is wrong, in one line; empty if the status says it. */
  readonly message: string
}

/**
 * Compares the files of a folder with its manifest, in the order of their codes, and changes nothing. Throws
 * RunError if the manifest is missing or invalid, and the signal's reason when it aborts.
 */
export async function* verifyFolder(
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<CheckedFile, void, undefined> {
  for (const record of (await requireManifest(folder)).values()) {
    signal.throwIfAborted()
    const { code, format, file } = record
    const path = join(folder, file)
    yield { code, format, path, ...(await checkFile(path, record)) }
  }
}

/** Compares a file with its record. */
export async function checkFile(
  path: string,
  record: FlagRecord,
): Promise<Pick<CheckedFile, 'status' | 'message'>> {
  let body: Buffer
  try {
    body = await readRegularFile(path, record.bytes, (bytes) => `the ${bytes} bytes recorded`)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { status: 'missing', message: '' }
    if (!(error instanceof RunError)) {
      return { status: 'unreadable', message: systemErrorText(error) }
    }
    return { status: 'changed', message: error.message }
  }
  const check = await imageChecker(record.format)
  if (!(await check(body)).isComplete) {
    return { status: 'changed', message: `not an intact ${formatNames[record.format]} image` }
  }
  if (sha256(body) !== record.sha256) return { status: 'changed', message: 'checksum mismatch' }
  return { status: 'whole', message: '' }
}
