import * as fs from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { isErrno } from '../errors.js'
import type { Representation, Resources } from './resource.js'

// Callbacks, not fs/promises: a FileHandle for each file costs time.
const open = promisify(fs.open)
const fstat = promisify(fs.fstat)
const read = promisify(fs.read)
const close = promisify(fs.close)

/** Where a folder is served, and whether others may change it meanwhile. */
export interface FolderOptions {
  /** The path that its files are below: `/flags`. Default: none. */
  readonly prefix?: string
  /** Nobody puts links into it: it belongs to the program. Default: false. */
  readonly isTrusted?: boolean
}

/**
 * The regular files of a folder and the folders in it. Links, names that start with a dot, and whatever
 * is outside the folder are not served, also where a file becomes a link after the start.
 */
export async function folderFiles(
  root: string,
  { prefix = '', isTrusted = false }: FolderOptions = {},
): Promise<Resources> {
  const realRoot = await realpath(root)
  // Fails where it is no folder, or cannot be read.
  if (!isTrusted) await readdir(realRoot)
  return {
    async open(path) {
      const names = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1).split('/') : []
      if (names.length === 0 || !names.every(isServable)) return undefined
      const file = join(realRoot, ...names)
      try {
        return await openFile(file, isTrusted)
      } catch (error) {
        // That says nothing of the file.
        if (isErrno(error, 'EMFILE', 'ENFILE')) throw error
        // Missing, a link, or not readable.
        return undefined
      }
    },
    async list() {
      const entries = await readdir(realRoot, { withFileTypes: true, recursive: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(realRoot, join(entry.parentPath, entry.name)).split(sep))
        .filter((names) => names.every(isServable))
        .map((names) => `${prefix}/${names.join('/')}`)
        .sort()
    },
  }
}

/** No way up, nothing hidden, and no separator of this or another platform. */
function isServable(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[\\/\0]/.test(name)
}

// O_NONBLOCK: opening a named pipe would wait for a writer. Windows has neither flag.
const flags =
  fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOFOLLOW ?? 0)

async function openFile(file: string, isTrusted: boolean): Promise<Representation | undefined> {
  const fd = await open(file, flags)
  const stats = await fstat(fd)
  if (stats.isFile() && (isTrusted || (await isAt(file, stats)))) {
    return representation(file, fd, stats)
  }
  await close(fd)
  return undefined
}

/** Is the opened file the one at this path, without a link on the way? */
async function isAt(file: string, { dev, ino }: fs.Stats): Promise<boolean> {
  if ((await realpath(file)) !== file) return false
  const there = await lstat(file)
  return there.dev === dev && there.ino === ino
}

function representation(file: string, fd: number, stats: fs.Stats): Representation {
  const { size, ctime, mtime } = stats
  return {
    contentType: contentTypes.get(extname(file).toLowerCase()) ?? 'application/octet-stream',
    // The time of the last change, not that of the content, which packages and archives set at will.
    etag: `"${ctime.getTime().toString(36)}-${size.toString(36)}"`,
    lastModified: new Date(Math.max(ctime.getTime(), mtime.getTime())),
    bytes: size,
    body: () => readBody(fd, size),
    close: () => close(fd),
  }
}

const chunkBytes = 65_536

/** Exactly as many bytes as were announced, also where the file grows meanwhile. */
async function* readBody(fd: number, size: number): AsyncGenerator<Uint8Array> {
  let position = 0
  while (position < size) {
    const length = Math.min(chunkBytes, size - position)
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await read(fd, buffer, 0, length, position)
    if (bytesRead === 0) throw new Error('the file became shorter')
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.gif', 'image/gif'],
  ['.html', 'text/html; charset=utf-8'],
  ['.json', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.webp', 'image/webp'],
])
