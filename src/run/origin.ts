import type { Origin } from '../download/origin.js'
import { proxiesFrom } from '../http/proxies.js'
import { parseSource, type ServerFaults } from '../sources/source.js'
import { parseUrlTemplate } from '../sources/url-template.js'

/** An origin that can be asked for flags until it is closed. */
export interface OpenOrigin extends Origin {
  close(): Promise<void>
}

/**
 * Finds the origin that a label or URL stands for, and starts the embedded server where that is it.
 * Throws UsageError for what is neither, and for a proxy in the environment that cannot be one.
 */
export async function openOrigin(server: string | ServerFaults): Promise<OpenOrigin> {
  if (typeof server === 'object') return openEmbedded(server)
  const source = parseSource(server)
  if (source.kind === 'remote') {
    const { text, urlFor } = source.template
    return {
      source: text,
      isEmbedded: false,
      urlFor,
      proxies: proxiesFrom(process.env),
      async close() {},
    }
  }
  return openEmbedded(source.faults)
}

/** Starts the embedded server for as long as it is not closed. */
async function openEmbedded(faults: ServerFaults): Promise<OpenOrigin> {
  // Loaded only here: most runs against a real server need none of it.
  const { startEmbeddedServer } = await import('../server/embedded-server.js')
  const { base, close } = await startEmbeddedServer(faults)
  // Its port is another one each time, but its flags are the same. No proxy can reach it.
  return { source: 'local', isEmbedded: true, urlFor: parseUrlTemplate(base).urlFor, close }
}

/** The URLs that openOrigin would give, without starting anything: port 0 stands for a free one. */
export function plannedUrls(server: string): Origin['urlFor'] {
  const source = parseSource(server)
  return source.kind === 'remote'
    ? source.template.urlFor
    : parseUrlTemplate('http://127.0.0.1:0/flags').urlFor
}
