import { embeddedBase, embeddedFlags } from './embedded-flags.js'
import { type ServerOptions, startServer } from './server.js'

/** Starts a server with the flags that come with the program. `base` is the URL they are below. */
export async function startEmbeddedServer(
  options: ServerOptions,
): Promise<{ base: string; close: () => Promise<void> }> {
  const { origin, unref, close } = await startServer(await embeddedFlags(), options)
  // It is there for a run of this process, and must not outlive it.
  unref()
  return { base: origin + embeddedBase, close }
}
