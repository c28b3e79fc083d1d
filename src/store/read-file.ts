import * as fs from 'node:fs'
import { promisify } from 'node:util'
import { RunError } from '../errors.js'

// Callbacks, not fs/promises: a FileHandle for each file costs time.
const open = promisify(fs.open)
const fstat = promisify(fs.fstat)
const read = promisify(fs.read)
const close = promisify(fs.close)

// Without O_NONBLOCK, opening a named pipe waits for somebody to write to it. Windows has no such flag.
const flags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0)

/**
 * Reads a regular file of at most `maxBytes`. Rejects with a system error, or with a RunError for
 * anything else that stands in its place: a device or a pipe may have no end.
 */
export async function readFile(path: string, maxBytes: number): Promise<Buffer> {
  const fd = await open(path, flags)
  try {
    const stats = await fstat(fd)
    if (!stats.isFile()) throw new RunError('not a regular file')
    if (stats.size > maxBytes) throw new RunError(`larger than ${maxBytes} bytes`)
    const buffer = Buffer.allocUnsafe(stats.size)
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
