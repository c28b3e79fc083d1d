import { createHash } from 'node:crypto'

/** Markup that may go into a page as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type HtmlValue = string | number | Html | readonly Html[]

/** A template for markup: values are text, and escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const texts = values.map(markupOf)
  return new Html(parts.map((part, index) => part + (texts[index] ?? '')).join(''))
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  return escapeHtml(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and between quotes alike. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** What differs between the pages. */
export interface Page {
  readonly title: string
  readonly style: string
  /** Where its images may come from, as CSP's `img-src` names them. */
  readonly imageSources: string
  /** The element of its icon; browsers request one from every page that names none. */
  readonly icon: Html
  readonly body: Html
}

const generator = html`<meta name="generator" content="flags">`

/** Pages of earlier versions name no generator; the quotes in their policy are escaped. */
const ownMarks = [generator, html`${"default-src 'none'; img-src "}`]

/** Did this program write the page that starts with this text, of at least 2 kB? */
export function isOwnPage(start: string): boolean {
  // Elsewhere in a page, they may be quoted.
  const [head] = /^.*?(?=<title>)/s.exec(start) ?? ['']
  return ownMarks.some(({ text }) => head.includes(text))
}

/** A page that is one file, has no script and needs no other host. */
export function page({ title, style, imageSources, icon, body }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(style, imageSources)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${generator}
<title>${title}</title>
${icon}<style>${new Html(style)}</style>
</head>
<body>
${body}</body>
</html>
`.text
}

/** Allows only the page's images and this style. */
function contentSecurityPolicy(style: string, imageSources: string): string {
  const styleHash = createHash('sha256').update(style).digest('base64')
  return [
    "default-src 'none'",
    `img-src ${imageSources}`,
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** The URL path of a file, relative if the names are, with each name percent-encoded. */
export function urlPath(...names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(wellFormed(name))).join('/')
}

/** Replaces a lone surrogate by U+FFFD, as writing a file name does. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
