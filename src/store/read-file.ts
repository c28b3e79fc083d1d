import { constants, readFile as read } from 'node:fs'
import { promisify } from 'node:util'

const readWithCallback = promisify(read)

// Windows has no such flag. Node takes a number here, though its types want a letter.
const flag = (constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) as unknown as string

/**
 * Reads a file whole. A named pipe in its place reads as empty, or not at all: without O_NONBLOCK,
 * opening one waits until somebody writes to it, and the process cannot even be ended.
 */
export function readFile(path: string): Promise<Buffer> {
  return readWithCallback(path, { flag })
}
