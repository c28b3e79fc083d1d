import type { IncomingHttpHeaders } from 'node:http'
import type { Representation } from './resource.js'

/** Does the client hold this representation already? (RFC 9110, 13.2.2: the tag decides if there is one.) */
export function isNotModified(
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Representation,
): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    // Weak comparison: W/"x" and "x" are the same here.
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  }
  const since = Date.parse(headers['if-modified-since'] ?? '')
  // HTTP dates have whole seconds.
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since
}
