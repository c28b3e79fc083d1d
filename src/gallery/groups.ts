import { findCountry } from '../countries/country.js'
import { type GalleryFlag, nameOf } from './gallery.js'

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
