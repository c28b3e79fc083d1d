import { createHash } from 'node:crypto'

/** What a path of the server stands for (RFC 9110: a resource), as it is now. */
export interface Representation {
  readonly body: Buffer
  readonly contentType: string
  /** A strong entity tag, quotes included. */
  readonly etag: string
  readonly lastModified?: Date
}

/**
 * Everything the server answers for, by path, percent-decoded. What a client sends is only ever
 * looked up here: it never becomes the name of a file.
 */
export type Resources = ReadonlyMap<string, () => Promise<Representation | undefined>>

/** A representation that stays as it is: its tag is a digest of it. */
export function represent(body: Buffer, contentType: string): Representation {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  return { body, contentType, etag }
}
