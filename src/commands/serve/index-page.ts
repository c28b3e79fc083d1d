import { createHash } from 'node:crypto'
import { basename, dirname, extname } from 'node:path/posix'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Country, findCountry } from '../../countries.js'
import { type ImageFormat, imageFormats } from '../../images/format.js'
import { imageChecker } from '../../images/image.js'
import { type GalleryFlag, galleryPage } from '../../pages/gallery.js'
import { urlPath } from '../../pages/html.js'
import { findCode } from '../../selection/find-code.js'
import type { Representation, Resources } from '../../server/folder-files.js'

/** Larger files are not checked for the page, bytes. */
const maxImageBytes = 5_000_000

type FlagNames = Pick<GalleryFlag, 'code' | 'name'>

/** Flags by the names of their files. */
export type RecordedFlags = ReadonlyMap<string, FlagNames>

/**
 * Adds a page for browsers at `/` and at `prefix`: the resources' own `/index.html`, else a gallery of
 * their images, if there are any.
 *
 * @param readRecorded reads the recorded flags
 */
export function withIndexPage(
  resources: Resources,
  prefix: string,
  readRecorded: () => Promise<RecordedFlags> = async () => new Map(),
): Resources {
  return {
    list: resources.list,
    async open(path) {
      if (path !== '/' && path !== prefix) return resources.open(path)
      return (await resources.open('/index.html')) ?? galleryOf(resources, await readRecorded())
    },
  }
}

/** Made again for each request: a folder's files may have changed. */
async function galleryOf(
  resources: Resources,
  recorded: RecordedFlags,
): Promise<Representation | undefined> {
  const images = (await resources.list()).flatMap(imageAt)
  const flags = new Map<string, GalleryFlag>()
  for (const { path, format } of images) {
    const stem = path.slice(0, -extname(path).length)
    const url = urlPath(...path.split('/'))
    const flag = flags.get(stem)
    const size = flag ?? (await sizeOf(path, format, resources))
    if (!size) continue
    const files = [...(flag?.files ?? []), { format, url }]
    flags.set(stem, { url, ...flagAt(path, recorded), ...size, files })
  }
  return flags.size === 0
    ? undefined
    : page(galleryPage({ flags: [...flags.values()], missing: [] }))
}

function imageAt(path: string): { path: string; format: ImageFormat }[] {
  const ending = extname(path).slice(1).toLowerCase()
  const format = imageFormats.find((name) => name === ending)
  return format ? [{ path, format }] : []
}

/** The size of a whole image; undefined for any other file. */
async function sizeOf(path: string, format: ImageFormat, resources: Resources) {
  const image = await resources.open(path)
  if (!image) return undefined
  try {
    if (image.bytes > maxImageBytes) return undefined
    const check = await imageChecker(format)
    const result = await check(await buffer(Readable.from(image.body())))
    return result.isComplete ? { width: result.width, height: result.height } : undefined
  } finally {
    await image.close()
  }
}

/** The flag of a file, by its record or else its name: `br/br.gif`, `bra.gif`, `Viet_Nam.gif`. */
function flagAt(path: string, recorded: RecordedFlags): FlagNames {
  const stem = basename(path, extname(path))
  const name = stem.replaceAll('_', ' ')
  const country = knownCountry(name) ?? knownCountry(basename(dirname(path)))
  return recorded.get(basename(path)) ?? (country ? { code: country.code } : { name })
}

function knownCountry(word: string): Country | undefined {
  const found = findCode(word)
  return found.kind === 'code' ? findCountry(found.code) : undefined
}

function page(html: string): Representation {
  const body = Buffer.from(html)
  return {
    contentType: 'text/html; charset=utf-8',
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    bytes: body.length,
    async *body() {
      yield body
    },
    async close() {},
  }
}
