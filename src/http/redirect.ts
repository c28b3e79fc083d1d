import type { HttpResponse } from './exchange.js'
import { type Failure, failure, type HttpProblem } from './failure.js'

/** The statuses that say where else to look (RFC 9110, 15.4); 300 and 304 do not. */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Does it say where else to look? */
export function isRedirect({ statusCode }: HttpResponse): boolean {
  return redirectStatuses.has(statusCode)
}

/**
 * Where a redirect leads, or why it leads nowhere.
 * `visited` holds every URL of this attempt so far, the one that answered last.
 */
export function redirectTarget(
  { statusCode, headers }: HttpResponse,
  visited: readonly URL[],
  maxRedirects: number,
): URL | Failure {
  const nowhere = (problem: HttpProblem) => failure({ kind: 'http', statusCode, problem })

  if (!headers.location) return nowhere({ reason: 'no_location' })
  const base = visited.at(-1)?.href
  const target = URL.canParse(headers.location, base) ? new URL(headers.location, base) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) {
    return nowhere({ reason: 'bad_location', location: headers.location })
  }
  // A fragment is not sent, so it does not make another request of it.
  target.hash = ''
  if (visited.some((url) => url.href === target.href)) {
    return nowhere({ reason: 'redirect_loop', location: target.href })
  }
  if (visited.length > maxRedirects) {
    return nowhere({ reason: 'too_many_redirects', most: maxRedirects })
  }
  return target
}
