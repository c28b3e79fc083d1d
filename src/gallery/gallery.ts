import { findCountry } from '../countries.js'

/** What a gallery shows. All of it may come from outside, and none of it is loadManifest. */
export interface Gallery {
  /** In any order. */
  readonly flags: readonly GalleryFlag[]
  /** Flags that should be there and are not; a code may be among both, where an older file is left. */
  readonly missing: readonly MissingFlag[]
}

/** A flag to look at. */
export interface GalleryFlag {
  /** Two capital letters; undefined where a file's name tells none. */
  readonly code?: string | undefined
  /** Its country's name. Default: the one that the code is known by, else the code. */
  readonly name?: string | undefined
  /** The URL of its image, relative to the page; see urlPath. */
  readonly url: string
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** Why a flag is not to be seen, and the words for it. */
export const missingReasons = {
  missing: 'its file is missing',
  damaged: 'its file is damaged',
  not_found: 'the server has no such flag',
  failed: 'it could not be downloaded',
} as const

/** A flag that should be there and is not. */
export interface MissingFlag {
  /** Two capital letters. */
  readonly code: string
  /** As for GalleryFlag. */
  readonly name?: string | undefined
  readonly reason: keyof typeof missingReasons
}

/** What a flag is called: by its country, else by its code. */
export function nameOf({ code, name }: Pick<GalleryFlag, 'code' | 'name'>): string {
  return name || (code && findCountry(code)?.name) || code || 'unknown'
}

/** The URL path of a file, relative where the names are: each name of it percent-encoded. */
export function urlPath(...names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(wellFormed(name))).join('/')
}

/** Half of a surrogate pair is no character: on a disk it has become U+FFFD as well. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Flags that belong together. */
export interface Group {
  /** Its heading. */
  readonly title: string
  /** What links lead to it by; unique in a page. */
  readonly id: string
  /** Sorted by name; never empty. */
  readonly flags: readonly GalleryFlag[]
}

/** For what lies on no continent (EU, UN), and for flags of which nothing is known. */
const others = 'Other flags'

/** Groups flags by continent, in alphabetical order; what lies on none comes last. */
export function groupByContinent(flags: readonly GalleryFlag[]): Group[] {
  const byTitle = new Map<string, GalleryFlag[]>()
  for (const flag of [...flags].sort(byName)) {
    const title = findCountry(flag.code ?? '')?.continent ?? others
    byTitle.set(title, [...(byTitle.get(title) ?? []), flag])
  }
  const last = byTitle.get(others)
  byTitle.delete(others)
  const continents = [...byTitle].sort(([a], [b]) => (a < b ? -1 : 1))
  return [...continents, ...(last ? [[others, last] as const] : [])].map(([title, members]) => ({
    title,
    id: title.toLowerCase().replaceAll(' ', '-'),
    flags: members,
  }))
}

const collator = new Intl.Collator('en')

function byName(a: GalleryFlag, b: GalleryFlag): number {
  return collator.compare(nameOf(a), nameOf(b))
}
