import { UsageError } from '../endings/usage-error.js'

/** A URL with `{cc}` or `{CC}` where the country code goes, in lower or upper case. */
export interface UrlTemplate {
  readonly text: string
  /** The URL of a flag; `code` is two capital letters. */
  urlFor(code: string): URL
}

/**
 * Reads a base URL, to which `/{cc}/{cc}.gif` is added, or a URL that is a template already.
 * Throws UsageError where no http(s) URL comes of it.
 */
export function parseUrlTemplate(given: string): UrlTemplate {
  if (/[{}]/.test(given.replace(/\{(cc|CC)\}/g, ''))) {
    throw new UsageError(`bad server '${given}': only {cc} and {CC} stand for something`)
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
    throw new UsageError(
      `bad server '${url.host}': a URL with a user name or password is not taken`,
    )
  }
  return url
}
