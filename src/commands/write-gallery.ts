import { join } from 'node:path'
import { withWriteError } from '../errors.js'
import { type GalleryFlag, galleryPage, type MissingFlag } from '../pages/gallery.js'
import { isOwnPage, urlPath } from '../pages/html.js'
import { requireOwnFile, writeAtomically } from '../store/atomic-write.js'
import type { FlagRecord, Manifest } from '../store/manifest.js'
import { optionalManifest, requireManifest } from '../store/manifest-file.js'
import { checkFile } from '../store/verify-folder.js'

/** The page's name, in the folder of its flags. */
const pageFile = 'index.html'

/**
 * Writes the gallery of a folder into it. `notDownloaded` are flags that a run failed to get: the page lists
 * them as missing, too. Resolves to its path, and notes that the user should know.
 *
 * Throws RunError if the folder has no valid manifest, or cannot be read or written.
 */
export async function writeGallery(
  folder: string,
  signal: AbortSignal,
  notDownloaded: readonly MissingFlag[] = [],
) {
  const path = await checkGalleryPath(folder)
  const manifest = await galleryManifest(folder, notDownloaded.length > 0)
  const { flags, missing } = await checkFlags(folder, manifest, signal)
  const page = galleryPage({ flags, missing: mergedByCode(missing, notDownloaded) })
  await withWriteError(path, writeAtomically(path, page))
  const verb = missing.length === 1 ? 'is' : 'are'
  const unusable = `${missing.length} of ${manifest.size} files in flags.json ${verb} missing or damaged; listed at the end of the page`
  return { path, notes: missing.length > 0 ? [unusable] : [] }
}

/** The path of a folder's gallery. Throws RunError if there is a file that this program did not write. */
export async function checkGalleryPath(folder: string): Promise<string> {
  const path = join(folder, pageFile)
  await requireOwnFile(path, isOwnPage)
  return path
}

/** A run that saved nothing leaves no manifest, but may have flags to list as missing. */
async function galleryManifest(folder: string, isOptional: boolean): Promise<Manifest> {
  if (!isOptional) return requireManifest(folder)
  return (await optionalManifest(folder)) ?? new Map()
}

async function checkFlags(folder: string, manifest: Manifest, signal: AbortSignal) {
  const flags = new Map<string, GalleryFlag>()
  const missing: MissingFlag[] = []
  for (const record of [...manifest.values()].sort(byPreference)) {
    signal.throwIfAborted()
    const { code, country: name, file } = record
    const { status } = await checkFile(join(folder, file), record)
    if (status === 'whole') flags.set(code, withFile(flags.get(code), record))
    else missing.push({ code, name, reason: status === 'missing' ? 'missing' : 'damaged' })
  }
  return { flags: [...flags.values()], missing }
}

/** A vector image is shown rather than others, and a newer one rather than an older one. */
function byPreference(a: FlagRecord, b: FlagRecord): number {
  const byKind = Number(b.format === 'svg') - Number(a.format === 'svg')
  return byKind || compare(b.fetched, a.fetched) || compare(a.format, b.format)
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b)
}

/** Adds a file to a flag; the first one is shown. */
function withFile(flag: GalleryFlag | undefined, record: FlagRecord): GalleryFlag {
  const { code, country: name, file, format, width, height } = record
  const url = urlPath(file)
  const shown = flag ?? { code, name, url, width, height }
  const files = [...(flag?.files ?? []), { format, url }]
  return { ...shown, files: files.sort((a, b) => compare(a.format, b.format)) }
}

/** Each code once: the run's result says more than that the file is missing. */
function mergedByCode(
  missing: readonly MissingFlag[],
  notDownloaded: readonly MissingFlag[],
): MissingFlag[] {
  const byCode = new Map([...missing, ...notDownloaded].map((flag) => [flag.code, flag]))
  return [...byCode.values()].sort((a, b) => compare(a.code, b.code))
}
