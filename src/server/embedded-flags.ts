import { readdir, readFile } from 'node:fs/promises'
import { findCountry } from '../countries.js'
import { type Representation, type Resources, represent } from './resource.js'
import { type ServerOptions, startServer } from './server.js'

/** The path below which the embedded flags are served. */
export const embeddedBase = '/flags'

/** The flags that come with the program, as `/flags/br/br.gif` and `/flags/br/metadata.json`. */
export async function embeddedFlags(): Promise<Resources> {
  const folder = new URL('./flags/', import.meta.url)
  const resources = new Map<string, () => Promise<Representation>>()
  for (const file of await readdir(folder)) {
    const cc = /^([a-z-]+)\.gif$/.exec(file)?.[1]
    // flag-icons' XX is its drawing for "unknown", no country's flag.
    if (!cc || cc === 'xx') continue
    const gif = once(async () => represent(await readFile(new URL(file, folder)), 'image/gif'))
    const metadata = once(async () => represent(metadataOf(cc), 'application/json'))
    resources.set(`${embeddedBase}/${cc}/${cc}.gif`, gif)
    resources.set(`${embeddedBase}/${cc}/metadata.json`, metadata)
  }
  return resources
}

function metadataOf(cc: string): Buffer {
  const code = cc.toUpperCase()
  const country = findCountry(code)
  return Buffer.from(
    `${JSON.stringify({
      iso_cc: country?.isIso3166 ? code : null,
      country: country?.name ?? null,
      continent: country?.continent ?? null,
    })}\n`,
  )
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Starts a server of the embedded flags; `baseUrl` is the URL that they are below. */
export async function startEmbeddedServer(
  options: ServerOptions,
): Promise<{ baseUrl: string; close: () => Promise<void> }> {
  const { origin, unref, close } = await startServer(await embeddedFlags(), options)
  // It exists for a run of this process, and must not outlive it.
  unref()
  return { baseUrl: origin + embeddedBase, close }
}
