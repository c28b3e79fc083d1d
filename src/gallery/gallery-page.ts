import { formatNames } from '../images/format.js'
import {
  type Gallery,
  type GalleryFile,
  type GalleryFlag,
  type Group,
  groupByContinent,
  type MissingFlag,
  missingReasons,
  nameOf,
} from './gallery.js'
import { contentSecurityPolicy, Html, html } from './html.js'
import { style } from './style.js'

/** A page on disk needs `file:`, because browsers differ on whether 'self' covers it. */
const policy = contentSecurityPolicy(style, "'self' file:")

/** A page of flags by continent, with the missing ones at its end. It works from disk, too. */
export function galleryPage({ flags, missing }: Gallery): string {
  const groups = groupByContinent(flags)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${countText(flags.length)}</title>
${icon(groups)}<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#flags">Skip to the flags</a>
<header>
<h1>Flags</h1>
<p>${summary(flags.length, missing.length)}</p>
</header>
${navigation(groups, missing)}<main id="flags" tabindex="-1">
${groups.map(section)}${missingSection(missing)}</main>
</body>
</html>
`
  return page.text
}

/** Browsers request an icon from every page: the first flag serves as one. */
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
