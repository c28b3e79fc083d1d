import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * The folder of flags to serve, with `flags/{cc}/{cc}.gif` in it, and what it is: real flags where they
 * are beside the checkout (or where FLAGS_REAL says), else those that the program renders for itself.
 *
 * @param {string} temporary a folder for the latter
 */
export async function flagsFolder(temporary) {
  const real = resolve(process.env.FLAGS_REAL ?? '../shared/real-flags')
  if (existsSync(join(real, 'flags'))) return { folder: real, kind: 'real flags' }
  for (const file of await readdir('dist/flags')) {
    const cc = /^([a-z]{2})\.gif$/.exec(file)?.[1]
    if (!cc || cc === 'xx') continue
    await mkdir(join(temporary, 'flags', cc), { recursive: true })
    await copyFile(join('dist/flags', file), join(temporary, 'flags', cc, file))
  }
  return { folder: temporary, kind: "flags of the program's own" }
}
