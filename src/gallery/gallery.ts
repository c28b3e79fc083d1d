import { findCountry } from '../countries.js'
import type { ImageFormat } from '../images/format.js'

/** What a gallery shows. All of it may come from outside; none of it is trusted. */
export interface Gallery {
  /** In any order. */
  readonly flags: readonly GalleryFlag[]
  /** Missing flags; a code may be among both, where an older file is left. */
  readonly missing: readonly MissingFlag[]
}

/** A flag on the page. */
export interface GalleryFlag {
  /** In capital letters; undefined where a file's name has none. */
  readonly code?: string | undefined
  /** Its country's name. Default: the one that the code is known by, else the code. */
  readonly name?: string | undefined
  /** The image that is shown. */
  readonly url: string
  /** In pixels. */
  readonly width: number
  readonly height: number
  /** All its images; the page links to them where there are several. */
  readonly files?: readonly GalleryFile[]
}

export interface GalleryFile {
  readonly format: ImageFormat
  /** Relative to the page; see urlPath. */
  readonly url: string
}

/** Why a flag is missing, and the text for it. */
export const missingReasons = {
  missing: 'its file is missing',
  damaged: 'its file is damaged',
  not_found: 'the server has no such flag',
  failed: 'it could not be downloaded',
} as const

/** A missing flag. */
export interface MissingFlag {
  /** In capital letters. */
  readonly code: string
  /** As for GalleryFlag. */
  readonly name?: string | undefined
  readonly reason: keyof typeof missingReasons
}

/** The name of a flag: its country's, else its code. */
export function nameOf({ code, name }: Pick<GalleryFlag, 'code' | 'name'>): string {
  return name || (code && findCountry(code)?.name) || code || 'unknown'
}

/** The URL path of a file, relative if the names are, with each name percent-encoded. */
export function urlPath(...names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(wellFormed(name))).join('/')
}

/** Replaces a lone surrogate by U+FFFD, as writing a file name does. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** Flags under one heading. */
export interface Group {
  /** Its heading. */
  readonly title: string
  /** The fragment that links use; unique in a page. */
  readonly id: string
  /** Sorted by name; never empty. */
  readonly flags: readonly GalleryFlag[]
}

/** The heading for flags of no continent (EU, UN) and for unknown ones. */
const others = 'Other flags'

/** Groups flags by continent, in alphabetical order; those of none come last. */
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
