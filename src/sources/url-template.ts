import { shortened, UsageError } from '../errors.js'
import { withoutPassword } from '../http/failure.js'
import type { ImageFormat } from '../images/format.js'

/** What goes into a template in addition to the code. */
export interface TemplateValues {
  readonly format: ImageFormat
  /** In pixels. */
  readonly width: number
  /** ISO 3166-1 alpha-3; for a flag that has none, its own code. */
  readonly alpha3: string
}

/** A URL with placeholders. */
export interface UrlTemplate {
  readonly text: string
  /** The URL of a flag; `code` is in capital letters. */
  urlFor(code: string, values: TemplateValues): URL
}

/** What each placeholder stands for. */
const placeholders = new Map<string, (code: string, values: TemplateValues) => string>([
  ['{cc}', (code) => code.toLowerCase()],
  ['{CC}', (code) => code],
  ['{ccc}', (_code, { alpha3 }) => alpha3.toLowerCase()],
  ['{CCC}', (_code, { alpha3 }) => alpha3],
  ['{ext}', (_code, { format }) => format],
  ['{width}', (_code, { width }) => String(width)],
])

/** What servers should accept at least (RFC 9110, 4.1). */
const maxLength = 8000

/**
 * Parses a base URL, to which `/{cc}/{cc}.{ext}` is added, or a URL that is a template already. Throws
 * UsageError if the result is not an http(s) URL; the caller names the server.
 */
export function parseUrlTemplate(given: string): UrlTemplate {
  if (given.length > maxLength) throw new UsageError(`longer than ${maxLength} characters`)
  const unknown = given.match(/\{[^{}]*\}|[{}]/g)?.find((name) => !placeholders.has(name))
  if (unknown) {
    const known = [...placeholders.keys()].join(', ')
    // It may be part of a password.
    const shown = withoutPassword(given).includes(unknown) ? shortened(unknown) : '{…}'
    throw new UsageError(`unknown placeholder ${shown}: the only placeholders are ${known}`)
  }
  const text = /\{cc?c\}/i.test(given) ? given : withFlagPath(given)
  const urlFor = (code: string, values: TemplateValues) =>
    parseHttpUrl(
      text.replace(/\{\w+\}/g, (name) => placeholders.get(name)?.(code, values) ?? name),
      given,
    )
  urlFor('BR', { format: 'gif', width: 1, alpha3: 'BRA' })
  return { text, urlFor }
}

function withFlagPath(base: string): string {
  const url = parseHttpUrl(base, base)
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path}/{cc}/{cc}.{ext}${url.search}`
}

function parseHttpUrl(text: string, given: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    const hint = /^[\w.-]+:\d+(?!.*@)/s.test(given)
      ? ` (did you mean http://${shortened(given)}?)`
      : ''
    throw new UsageError(`not a valid http or https URL${hint}`)
  }
  if (url.username || url.password) {
    throw new UsageError('a URL must not contain a user name or password')
  }
  return url
}
