import { UsageError } from '../errors.js'

/** A URL with `{cc}` or `{CC}` in place of the country code, in lower or upper case. */
export interface UrlTemplate {
  readonly text: string
  /** The URL of a flag; `code` is two capital letters. */
  urlFor(code: string): URL
}

/**
 * Parses a base URL, to which `/{cc}/{cc}.gif` is added, or a URL that is a template already.
 * Throws UsageError where the result is no http(s) URL.
 */
export function parseUrlTemplate(given: string): UrlTemplate {
  if (/[{}]/.test(given.replace(/\{(cc|CC)\}/g, ''))) {
    throw new UsageError(`bad server '${given}': the only placeholders are {cc} and {CC}`)
  }
  const text = hasPlaceholder(given) ? given : withFlagPath(given)
  const urlFor = (code: string) =>
    parseHttpUrl(text.replaceAll('{cc}', code.toLowerCase()).replaceAll('{CC}', code), given)
  urlFor('BR')
  return { text, urlFor }
}

function hasPlaceholder(text: string): boolean {
  return text.includes('{cc}') || text.includes('{CC}')
}

function withFlagPath(base: string): string {
  const url = parseHttpUrl(base, base)
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path}/{cc}/{cc}.gif${url.search}`
}

function parseHttpUrl(text: string, given: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`bad server '${given}': not an http or https URL`)
  }
  if (url.username || url.password) {
    throw new UsageError(`bad server '${url.host}': a URL must not contain a user name or password`)
  }
  return url
}
