import { type Failure, failure, type HttpProblem } from './failure.js'
import type { HttpResponse } from './request.js'

/** The statuses with a Location to follow (RFC 9110, 15.4); 300 and 304 have none. */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Does this response lead elsewhere? */
export function isRedirect({ statusCode }: HttpResponse): boolean {
  return redirectStatuses.has(statusCode)
}

/** Where a redirect leads, or why it leads nowhere. */
export type RedirectTarget =
  | { readonly kind: 'target'; readonly url: URL }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** @param visited every URL of this attempt so far, the last one being that of this response */
export function redirectTarget(
  { statusCode, headers }: HttpResponse,
  visited: readonly URL[],
  maxRedirects: number,
): RedirectTarget {
  const nowhere = (problem: HttpProblem): RedirectTarget => ({
    kind: 'failed',
    failure: failure(
      { kind: 'http', statusCode, problem },
      { redirectedTo: redirectedTo(visited) },
    ),
  })

  if (!headers.location) return nowhere({ reason: 'no_location' })
  const base = visited.at(-1)?.href
  const target = URL.canParse(headers.location, base) ? new URL(headers.location, base) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) {
    return nowhere({ reason: 'bad_location', location: headers.location })
  }
  // Neither is sent, so that neither makes another request of it.
  Object.assign(target, { hash: '', username: '', password: '' })
  if (visited.some((url) => url.href === target.href)) {
    return nowhere({ reason: 'redirect_loop', location: target.href })
  }
  if (visited.length > maxRedirects) {
    return nowhere({ reason: 'too_many_redirects', max: maxRedirects })
  }
  return { kind: 'target', url: target }
}

/** The URL that the redirects of an attempt led to; undefined where there were none. */
export function redirectedTo(visited: readonly URL[]): string | undefined {
  return visited.length > 1 ? visited.at(-1)?.href : undefined
}
