import { once } from 'node:events'
import { RunError, systemErrorText, UsageError } from '../../errors.js'
import type { Output } from '../../report/output.js'
import { embeddedBase, embeddedFlags } from '../../server/embedded-flags.js'
import { folderFiles } from '../../server/folder-files.js'
import { type ServerOptions, startServer } from '../../server/server.js'
import { withIndexPage } from './index-page.js'

/**
 * Serves the embedded flags, or the files of `root`, until the signal aborts, with a page of them for
 * browsers. Prints the URL.
 */
export async function serve(
  { root, ...options }: ServerOptions & { root?: string | undefined },
  stdout: Output,
  signal: AbortSignal,
): Promise<void> {
  const base = root === undefined ? embeddedBase : '/'
  const resources = root === undefined ? await embeddedFlags() : await readRoot(root)
  const server = await startServer(withIndexPage(resources, base), options).catch((error) => {
    const where = `${options.host}:${options.port}`
    throw new RunError(`cannot listen at ${where}: ${systemErrorText(error)}`, { cause: error })
  })
  try {
    await stdout.write(`${server.origin}${base}\n`)
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    await server.close()
  }
}

async function readRoot(root: string) {
  try {
    return await folderFiles(root)
  } catch (error) {
    throw new UsageError(`cannot serve the folder ${root}: ${systemErrorText(error)}`)
  }
}
