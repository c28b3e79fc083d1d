import { findCountry } from '../countries.js'
import { formatNames, type ImageFormat } from '../images/format.js'
import { type Html, html, page } from './html.js'
import { galleryStyle } from './style.js'

/** What a gallery shows. All of it may come from outside; none of it is trusted. */
export interface Gallery {
  /** In any order. */
  readonly flags: readonly GalleryFlag[]
  /** Missing flags; a code may be among both, where an older file is left. */
  readonly missing: readonly MissingFlag[]
}

/** A flag on the page. */
export interface GalleryFlag {
  /** In capital letters; undefined if a file's name has none. */
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

/** A page of flags by continent, with the missing ones at its end. It works from disk, too. */
export function galleryPage({ flags, missing }: Gallery): string {
  const groups = groupByContinent(flags)
  return page({
    title: countText(flags.length),
    style: galleryStyle,
    // A page on disk needs `file:`, because browsers differ on whether 'self' covers it.
    imageSources: "'self' file:",
    icon: icon(groups),
    body: html`<a class="skip" href="#flags">Skip to the flags</a>
<header>
<h1>Flags</h1>
<p>${summary(flags.length, missing.length)}</p>
</header>
${navigation(groups, missing)}<main id="flags" tabindex="-1">
${groups.map(section)}${missingSection(missing)}</main>
`,
  })
}

/** The first flag. */
function icon([first]: readonly Group[]): Html {
  const flag = first?.flags[0]
  return flag ? html`<link rel="icon" href="${flag.url}">\n` : html``
}

function navigation(groups: readonly Group[], missing: readonly MissingFlag[]): Html {
  const links = groups.map(({ id, title, flags }) => link(id, title, flags.length))
  if (missing.length > 0) links.push(link('missing', 'Missing', missing.length))
  if (links.length === 0) return html``
  return html`<nav aria-label="Groups">
<ul role="list">
<li><a href="#top">↑ Top</a></li>
${links}</ul>
</nav>
`
}

function link(id: string, title: string, count: number): Html {
  return html`<li><a href="#${id}">${title} <span class="count">${count}</span></a></li>\n`
}

function section({ id, title, flags }: Group): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title} <span class="count">${flags.length}</span></h2>
<ul class="grid" role="list">
${flags.map(item)}</ul>
</section>
`
}

/** A name is in <bdi> because it may run from right to left. */
function item(flag: GalleryFlag): Html {
  const { code, url, width, height, files = [] } = flag
  const name = nameOf(flag)
  return html`<li>
<span class="stage"><img src="${url}" width="${width}" height="${height}" alt="Flag of ${name}" loading="lazy" decoding="async"></span>
<span class="name"><bdi>${name}</bdi></span>${code ? html` <span class="code">${code}</span>` : html``}${formatLinks(name, files)}
</li>
`
}

/** Links to the files of a flag that has several formats. */
function formatLinks(name: string, files: readonly GalleryFile[]): Html {
  if (files.length < 2) return html``
  const links = files.map(
    ({ format, url }) =>
      html` <a href="${url}" aria-label="${name} as ${formatNames[format]}">${format}</a>`,
  )
  return html` <span class="formats">${links}</span>`
}

function missingSection(missing: readonly MissingFlag[]): Html {
  if (missing.length === 0) return html``
  return html`<section aria-labelledby="missing">
<h2 id="missing">Missing <span class="count">${missing.length}</span></h2>
<ul class="missing" role="list">
${missing.map(missingItem)}</ul>
</section>
`
}

function missingItem(flag: MissingFlag): Html {
  const { code, reason } = flag
  const name = nameOf(flag)
  return html`<li><span class="code">${code}</span> <bdi>${name}</bdi>: ${missingReasons[reason]}</li>\n`
}

function summary(flags: number, missing: number): string {
  return missing > 0 ? `${countText(flags)}, ${missing} missing` : countText(flags)
}

function countText(count: number): string {
  return count === 1 ? '1 flag' : `${count} flags`
}

/** The name of a flag: its country's, else its code. */
function nameOf({ code, name }: Pick<GalleryFlag, 'code' | 'name'>): string {
  return name || (code && findCountry(code)?.name) || code || 'unknown'
}

type Group = ReturnType<typeof groupByContinent>[number]

/** The heading for flags of no continent (EU, UN) and for unknown ones. */
const others = 'Other flags'

/** Groups flags by continent, in alphabetical order; those of none come last. No group is empty. */
export function groupByContinent(flags: readonly GalleryFlag[]) {
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
    /** The fragment that links use; unique in a page. */
    id: title.toLowerCase().replaceAll(' ', '-'),
    /** Sorted by name. */
    flags: members,
  }))
}

const collator = new Intl.Collator('en')

function byName(a: GalleryFlag, b: GalleryFlag): number {
  return collator.compare(nameOf(a), nameOf(b))
}
