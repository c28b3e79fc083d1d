import * as fs from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { extname, join } from 'node:path'
import { isErrno } from '../errors.js'
import { close, fstat, lstat, open, read, readdir, readlink, realpath } from '../node.js'

/** The current state of a resource (RFC 9110, 3.2). */
export interface Representation {
  readonly contentType: string
  /** A strong entity tag, quotes included. */
  readonly etag: string
  readonly lastModified?: Date | undefined
  readonly bytes: number
  /** The body, read only where a response carries it. */
  body(): AsyncIterable<Uint8Array>
  /** Releases what it holds open. */
  close(): Promise<void>
}

/** The resources of a server. */
export interface Resources {
  /** Opens the resource at a path, which is percent-decoded; undefined if there is none. */
  open(path: string): Promise<Representation | undefined>
  /** The paths of its resources, sorted; some of them if there are more than `max`. Default: 10,000. */
  list(max?: number): Promise<readonly string[]>
}

/** The path that the embedded flags are below. */
export const embeddedPrefix = '/flags'

/** The flags of the package, as `/flags/br/br.gif` (png, svg, webp) and `/flags/br/metadata.json`. */
export function embeddedFlags(): Promise<Resources> {
  return folderFiles(join(import.meta.dirname, 'flags'), embeddedPrefix)
}

/**
 * The regular files of a folder and the folders in it. Links, names that start with a dot, and whatever
 * is outside the folder are not served, also where a file becomes a link after the start.
 *
 * @param prefix the path that the files are below, `/flags`; default: none
 */
export async function folderFiles(root: string, prefix = ''): Promise<Resources> {
  const realRoot = await realpath(root)
  // Fails if it is not a folder, or cannot be read.
  await readdir(realRoot)
  return {
    async open(path) {
      const names = path.slice(prefix.length + 1).split('/')
      if (!path.startsWith(`${prefix}/`) || !names.every(isServable)) return undefined
      try {
        return await openFile(join(realRoot, ...names))
      } catch (error) {
        // That says nothing about the file.
        if (isErrno(error, 'EMFILE', 'ENFILE')) throw error
        // Missing, a link, or not readable.
        return undefined
      }
    },
    // A list of a whole disk would never end.
    async list(max = 10_000) {
      const paths: string[] = []
      for await (const names of filesBelow(realRoot)) {
        if (paths.push(`${prefix}/${names.join('/')}`) >= max) break
      }
      return paths.sort()
    },
  }
}

/** The files below a folder, each as the names on the way to it. Folders that cannot be read have none. */
async function* filesBelow(
  root: string,
  folder: readonly string[] = [],
): AsyncGenerator<readonly string[]> {
  const entries = await readdir(join(root, ...folder), { withFileTypes: true }).catch(() => [])
  const servable = entries.filter(({ name }) => isServable(name))
  for (const entry of servable) if (entry.isFile()) yield [...folder, entry.name]
  for (const entry of servable) {
    if (entry.isDirectory()) yield* filesBelow(root, [...folder, entry.name])
  }
}

/** No way up, nothing hidden, and no separator of this or another platform. */
function isServable(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !/[\\/\0]/.test(name)
}

// O_NONBLOCK: opening a named pipe would wait for a writer. Windows has neither flag.
const flags =
  fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOFOLLOW ?? 0)

async function openFile(file: string): Promise<Representation | undefined> {
  const fd = await open(file, flags)
  const stats = await fstat(fd)
  if (stats.isFile() && (await isAt(file, fd, stats).catch(() => false))) {
    return representation(file, fd, stats)
  }
  await close(fd)
  return undefined
}

/** Is the opened file the one at this path, without a link on the way? */
async function isAt(file: string, fd: number, { dev, ino }: fs.Stats): Promise<boolean> {
  // Linux says where an open file is, also when another one has replaced it since.
  const opened = await readlink(`/proc/self/fd/${fd}`).catch(() => undefined)
  if (opened !== undefined) return opened === file || opened === `${file} (deleted)`
  // Elsewhere, whoever may write to the folder could change the path between two checks.
  if ((await realpath(file)) !== file) return false
  const there = await lstat(file)
  return there.dev === dev && there.ino === ino
}

function representation(file: string, fd: number, stats: fs.Stats): Representation {
  const { size, ctime } = stats
  return {
    contentType: contentTypes.get(extname(file).toLowerCase()) ?? 'application/octet-stream',
    // The time of the last change, not that of the content, which packages and archives set at will.
    etag: `"${ctime.getTime().toString(36)}-${size.toString(36)}"`,
    lastModified: ctime,
    bytes: size,
    body: () => readBody(fd, size),
    close: () => close(fd),
  }
}

const chunkBytes = 65_536

/** Exactly as many bytes as were announced, even if the file grows meanwhile. */
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

/** Does the client have this representation? (RFC 9110, 13.2.2: If-None-Match takes precedence.) */
export function isNotModified(
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Representation,
): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    // Weak comparison (13.1.2): W/"x" equals "x".
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  }
  const since = Date.parse(headers['if-modified-since'] ?? '')
  // HTTP dates have whole seconds.
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since
}
