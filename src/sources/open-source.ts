import { type Proxies, proxiesFrom } from '../http/proxy.js'
import type { Source } from './parse-source.js'
import { parseUrlTemplate } from './url-template.js'

/** A source that can be asked for flags until it is closed. */
export interface OpenSource {
  /** The server as flags.json names it: the same for every run against it. */
  readonly id: string
  /** Does it run in this process? Then each request takes more of its file handles. */
  readonly isEmbedded: boolean
  /** The URL of a flag; `code` is two capital letters. */
  urlFor(code: string): URL
  /** The proxies for requests to it. Default: none. */
  readonly proxies?: Proxies | undefined
  close(): Promise<void>
}

/**
 * Opens a source: starts the embedded server, or reads the proxies for a remote one.
 * Throws UsageError for a proxy in the environment that is not valid.
 */
export async function openSource(
  source: Source,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenSource> {
  if (source.kind === 'remote') {
    const { text, urlFor } = source.template
    return { id: text, isEmbedded: false, urlFor, proxies: proxiesFrom(env), async close() {} }
  }
  // Loaded only here: a run against a remote server needs none of it.
  const { startEmbeddedServer } = await import('../server/embedded-flags.js')
  const { baseUrl, close } = await startEmbeddedServer(source.faults)
  // The port differs from run to run, the flags do not. No proxy can reach it.
  return { id: 'local', isEmbedded: true, urlFor: parseUrlTemplate(baseUrl).urlFor, close }
}

/** The URLs of a source without opening it; port 0 stands for the embedded server's. */
export function plannedUrls(source: Source): OpenSource['urlFor'] {
  const { urlFor } =
    source.kind === 'remote' ? source.template : parseUrlTemplate('http://127.0.0.1:0/flags')
  return urlFor
}
