import { join } from 'node:path'
import { UsageError, withWriteError } from '../../errors.js'
import { type GalleryFlag, type MissingFlag, urlPath } from '../../gallery/gallery.js'
import { galleryPage } from '../../gallery/gallery-page.js'
import { checkGif } from '../../images/gif.js'
import { writeAtomically } from '../../store/atomic-write.js'
import { type FlagRecord, type Manifest, manifestFile } from '../../store/manifest.js'
import { readManifest } from '../../store/manifest-file.js'
import { readFile } from '../../store/read-file.js'

/** The name of the page, in the folder of its flags. */
const pageFile = 'index.html'

/**
 * Writes the gallery of a folder that flags were saved to, into it, and gives the page's path.
 * `lost` are flags that a run asked for and did not get: they are listed as missing, too.
 *
 * Throws UsageError where nothing was saved to the folder, RunError where it cannot be read or written.
 */
export async function writeGallery(
  folder: string,
  lost: readonly MissingFlag[] = [],
): Promise<string> {
  const recorded = await readManifest(folder)
  if (recorded.state !== 'read' && lost.length === 0) {
    throw new UsageError(`no flags in ${folder}: it has no ${manifestFile} of this program`)
  }
  const { flags, missing } = await lookAt(
    folder,
    recorded.state === 'read' ? recorded.manifest : new Map(),
  )
  const path = join(folder, pageFile)
  const page = galleryPage({ flags, missing: joined(missing, lost) })
  await withWriteError(path, writeAtomically(path, page))
  return path
}

/** Which of the flags on record are there? What counts is the file as it is now. */
async function lookAt(folder: string, manifest: Manifest) {
  const flags: GalleryFlag[] = []
  const missing: MissingFlag[] = []
  for (const [code, { file, country: name }] of manifest) {
    const size = await sizeOf(join(folder, file))
    if (typeof size === 'string') missing.push({ code, name, reason: size })
    else flags.push({ code, name, url: urlPath(file), ...size })
  }
  return { flags, missing }
}

async function sizeOf(
  path: string,
): Promise<Pick<FlagRecord, 'width' | 'height'> | 'missing' | 'damaged'> {
  try {
    const gif = checkGif(await readFile(path))
    return gif.isComplete ? { width: gif.width, height: gif.height } : 'damaged'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'damaged'
  }
}

/** Each code once: how the run ended says more than that the file is not there. */
function joined(missing: readonly MissingFlag[], lost: readonly MissingFlag[]): MissingFlag[] {
  const byCode = new Map([...missing, ...lost].map((flag) => [flag.code, flag]))
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}
