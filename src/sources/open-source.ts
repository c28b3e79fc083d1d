import { findCountry } from '../countries.js'
import { type Proxies, proxiesFrom } from '../http/proxy.js'
import type { ImageFormat } from '../images/format.js'
import type { Source } from './source.js'
import { parseUrlTemplate } from './url-template.js'

/** A source in use; the caller closes it. */
export interface OpenSource {
  /** The server as flags.json names it: the same for every run against it. */
  readonly id: string
  /** Does it run in this process? Then each request takes more of its file handles. */
  readonly isEmbedded: boolean
  /** The URL of a flag; `code` is in capital letters. */
  urlFor(code: string): URL
  /** The proxies for requests to it. Default: none. */
  readonly proxies?: Proxies | undefined
  close(): Promise<void>
}

/** The images that a run requests from a source. */
export interface SourceRequest {
  readonly server: Source
  readonly format: ImageFormat
  /** In pixels. */
  readonly width: number
}

/**
 * Opens a source: starts the embedded server, or reads the proxies for a remote one.
 * Throws UsageError for a proxy in the environment that is not valid.
 */
export async function openSource(
  request: SourceRequest,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenSource> {
  const { server, format, width } = request
  if (server.kind === 'remote') {
    const { text } = server.templateFor(format)
    const id = text.replaceAll('{ext}', format).replaceAll('{width}', String(width))
    return {
      id,
      isEmbedded: false,
      urlFor: urlsOf(request),
      proxies: proxiesFrom(env),
      async close() {},
    }
  }
  // Loaded only here: a run against a remote server needs none of it.
  const [{ embeddedFlags, embeddedPrefix }, { startServer }] = await Promise.all([
    import('../server/folder-files.js'),
    import('../server/server.js'),
  ])
  const { origin, unref, close } = await startServer(await embeddedFlags(), server.faults)
  // It must not outlive its run.
  unref()
  // The port differs from run to run, the flags do not. No proxy can reach it.
  return { id: 'local', isEmbedded: true, urlFor: urlsOf(request, origin + embeddedPrefix), close }
}

/**
 * The URLs of a request without opening its source. Those of the embedded server have no port yet:
 * they are shown as `embedded:/br/br.gif`.
 */
export function plannedUrls(request: SourceRequest): (code: string) => string {
  const urlFor = urlsOf(request, placeholderUrl)
  return (code) => urlFor(code).href.replace(placeholderUrl, 'embedded:')
}

const placeholderUrl = 'http://embedded.invalid'

function urlsOf({ server, format, width }: SourceRequest, embeddedUrl = ''): OpenSource['urlFor'] {
  const template =
    server.kind === 'remote' ? server.templateFor(format) : parseUrlTemplate(embeddedUrl)
  return (code) =>
    template.urlFor(code, { format, width, alpha3: findCountry(code)?.alpha3 ?? code })
}
