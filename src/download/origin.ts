import type { Proxies } from '../http/proxies.js'

/** Where the flags of a run come from. */
export interface Origin {
  /** The server as records name it: the same for every run against it. */
  readonly source: string
  /** Does it run in this process? Then each request takes more of its file handles. */
  readonly isEmbedded: boolean
  /** The URL of a flag; `code` is two capital letters. */
  urlFor(code: string): URL
  /** What requests to it go through. Default: nothing. */
  readonly proxies?: Proxies | undefined
}
