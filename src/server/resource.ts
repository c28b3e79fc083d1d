/** What a path of the server stands for (RFC 9110, 3.1: a resource), as it is now. */
export interface Representation {
  readonly contentType: string
  /** A strong entity tag, quotes included. */
  readonly etag: string
  readonly lastModified?: Date | undefined
  readonly bytes: number
  /** The body, read only where a response carries it. */
  body(): AsyncIterable<Uint8Array>
  /** Releases what it holds open. */
  close(): Promise<void>
}

/** Everything that a server answers for. */
export interface Resources {
  /** Opens the resource at a path, which is percent-decoded; undefined where there is none. */
  open(path: string): Promise<Representation | undefined>
  /** The paths of all resources, sorted. */
  list(): Promise<readonly string[]>
}
