import { basename } from 'node:path/posix'
import { findCountry } from '../../countries.js'
import { type GalleryFlag, urlPath } from '../../gallery/gallery.js'
import { galleryPage } from '../../gallery/gallery-page.js'
import { checkGif } from '../../images/gif.js'
import { type Representation, type Resources, represent } from '../../server/resource.js'

/**
 * Adds a page to look at, at `/` and at `base`: the resources' own `/index.html`, else a gallery of
 * the GIFs among them. Where there are none of these either, nothing is added.
 */
export function withIndexPage(resources: Resources, base: string): Resources {
  const own = resources.get('/index.html')
  const hasFlags = [...resources.keys()].some(isGif)
  if (!own && !hasFlags) return resources
  const page = own ?? (() => galleryOf(resources))
  return new Map([...resources, ['/', page], [base, page]])
}

/** Made anew for each answer, as a folder's files may have changed. */
async function galleryOf(resources: Resources): Promise<Representation> {
  const flags: GalleryFlag[] = []
  // One after the other: a folder may have more files than a process may open.
  for (const [path, get] of resources) {
    const image = isGif(path) ? await get() : undefined
    const gif = image && checkGif(image.body)
    if (!gif?.isComplete) continue
    flags.push({ ...named(path), url: urlOf(path), width: gif.width, height: gif.height })
  }
  return represent(Buffer.from(galleryPage({ flags, missing: [] })), 'text/html; charset=utf-8')
}

function isGif(path: string): boolean {
  return path.toLowerCase().endsWith('.gif')
}

/** What a file's name tells: `br.gif` is the flag of BR, `Viet_Nam.gif` that of Viet Nam. */
function named(path: string): Pick<GalleryFlag, 'code' | 'name'> {
  const stem = basename(path).slice(0, -'.gif'.length)
  const country = findCountry(stem.toUpperCase())
  return country ? { code: country.code } : { name: stem.replaceAll('_', ' ') }
}

function urlOf(path: string): string {
  return urlPath(...path.split('/'))
}
