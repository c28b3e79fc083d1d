import { join } from 'node:path'
import { withWriteError } from '../../errors.js'
import { type GalleryFlag, type MissingFlag, urlPath } from '../../gallery/gallery.js'
import { galleryPage } from '../../gallery/gallery-page.js'
import { writeAtomically } from '../../store/atomic-write.js'
import type { Manifest } from '../../store/manifest.js'
import { readManifest, requireManifest } from '../../store/manifest-file.js'
import { checkFile } from '../../store/verify-folder.js'

/** The page's name, in the folder of its flags. */
const pageFile = 'index.html'

/**
 * Writes the gallery of a folder into it and gives the page's path. `notDownloaded` are flags that a
 * run requested in vain: the page lists them as missing, too.
 *
 * Throws RunError where the folder has no valid manifest, or cannot be read or written.
 */
export async function writeGallery(
  folder: string,
  notDownloaded: readonly MissingFlag[] = [],
): Promise<string> {
  const manifest = await galleryManifest(folder, notDownloaded.length > 0)
  const { flags, missing } = await checkFlags(folder, manifest)
  const path = join(folder, pageFile)
  const page = galleryPage({ flags, missing: mergedByCode(missing, notDownloaded) })
  await withWriteError(path, writeAtomically(path, page))
  return path
}

/** A run that saved nothing leaves no manifest, but may have flags to list as missing. */
async function galleryManifest(folder: string, isOptional: boolean): Promise<Manifest> {
  if (!isOptional) return requireManifest(folder)
  const file = await readManifest(folder)
  return file.state === 'read' ? file.manifest : new Map()
}

async function checkFlags(folder: string, manifest: Manifest) {
  const flags: GalleryFlag[] = []
  const missing: MissingFlag[] = []
  for (const [code, record] of manifest) {
    const { file, country: name, width, height } = record
    const { status } = await checkFile(join(folder, file), record)
    if (status === 'whole') flags.push({ code, name, url: urlPath(file), width, height })
    else missing.push({ code, name, reason: status === 'missing' ? 'missing' : 'damaged' })
  }
  return { flags, missing }
}

/** Each code once: the run's result says more than that the file is missing. */
function mergedByCode(
  missing: readonly MissingFlag[],
  notDownloaded: readonly MissingFlag[],
): MissingFlag[] {
  const byCode = new Map([...missing, ...notDownloaded].map((flag) => [flag.code, flag]))
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}
