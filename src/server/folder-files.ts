import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Resources } from './resource.js'

/**
 * The files of a folder and the folders in it, as they are named there when the server starts; links
 * and names that start with a dot are left out. A file is read anew for each answer.
 */
export async function folderFiles(root: string): Promise<Resources> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, names: relative(root, file).split(sep) }))
    .filter(({ names }) => !names.some((name) => name.startsWith('.')))
  return new Map(
    files.map(({ file, names }) => [`/${names.join('/')}`, () => representation(file)]),
  )
}

async function representation(file: string) {
  try {
    const [{ mtime }, body] = await Promise.all([stat(file), readFile(file)])
    const etag = `"${mtime.getTime().toString(16)}-${body.length.toString(16)}"`
    return { body, contentType: contentTypeOf(file), etag, lastModified: mtime }
  } catch {
    // Removed since the server started.
    return undefined
  }
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.gif', 'image/gif'],
  ['.html', 'text/html; charset=utf-8'],
  ['.json', 'application/json'],
  ['.txt', 'text/plain; charset=utf-8'],
])

function contentTypeOf(file: string): string {
  return contentTypes.get(extname(file).toLowerCase()) ?? 'application/octet-stream'
}
