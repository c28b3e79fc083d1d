import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

let written = 0

/**
 * Writes a file that appears whole or not at all: to a temporary file beside it, then renamed over it.
 *
 * It is not flushed to the disk: that would cost more than the download. What a power cut spoils no
 * longer has the SHA-256 of its record, so the next run fetches it again.
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  written += 1
  const temporary = join(dirname(path), temporaryName(basename(path), process.pid, written))
  try {
    await writeFile(temporary, data, { flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

function temporaryName(name: string, pid: number, sequence: number): string {
  return `.${name}.${pid}-${sequence}.tmp`
}

/** The process that wrote this temporary file; undefined where the name is not of our making. */
export function processOfTemporary(name: string): number | undefined {
  const pid = /^\..+\.(\d+)-\d+\.tmp$/.exec(name)?.[1]
  return pid === undefined ? undefined : Number(pid)
}
