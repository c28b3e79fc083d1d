import { fileURLToPath } from 'node:url'
import { folderFiles } from './folder-files.js'
import type { Resources } from './resource.js'
import { type ServerOptions, startServer } from './server.js'

/** The path that the embedded flags are below. */
export const embeddedPrefix = '/flags'

/** The flags of the package, as `/flags/br/br.gif` (png, svg, webp) and `/flags/br/metadata.json`. */
export function embeddedFlags(): Promise<Resources> {
  const folder = fileURLToPath(new URL('./flags', import.meta.url))
  return folderFiles(folder, { prefix: embeddedPrefix, isTrusted: true })
}

/** Starts a server of the embedded flags; `baseUrl` is the URL that they are below. */
export async function startEmbeddedServer(
  options: ServerOptions,
): Promise<{ baseUrl: string; close: () => Promise<void> }> {
  const { origin, unref, close } = await startServer(await embeddedFlags(), options)
  // It exists for a run of this process, and must not outlive it.
  unref()
  return { baseUrl: origin + embeddedPrefix, close }
}
