import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RunError, systemErrorText } from '../endings/run-error.js'
import { parseSource, type ServerFaults } from '../sources/source.js'

/** The server that a bench measures. */
export interface BenchTarget {
  /** As it is shown: `local`, or as it was given. */
  readonly label: string
  /** Before each of its answers; undefined where that is not known or not always the same. */
  readonly delayMs: number | undefined
  /** How the embedded server is to answer; undefined for a server of others. */
  readonly faults: ServerFaults | undefined
}

/** @param server a label or URL; undefined for the embedded server with a delay that is always the same. */
export function benchTarget(server: string | undefined, delayMs: number): BenchTarget {
  if (server === undefined)
    return { label: 'local', delayMs, faults: { delayMs: [delayMs, delayMs] } }
  const source = parseSource(server)
  const faults = source.kind === 'embedded' ? source.faults : undefined
  return { label: source.label, delayMs: undefined, faults }
}

/** Is it a server that others run, and whose patience is to be respected? */
export function isOfOthers({ faults }: BenchTarget): boolean {
  return faults === undefined
}

/** Gives the label or URL to download from, for as long as the use lasts: one server for all runs. */
export async function withServer<T>(
  { label, faults }: BenchTarget,
  use: (server: string) => Promise<T>,
): Promise<T> {
  if (!faults) return use(label)
  const { startEmbeddedServer } = await import('../server/embedded-server.js')
  const { base, close } = await startEmbeddedServer(faults)
  try {
    return await use(base)
  } finally {
    await close()
  }
}

/** Gives a folder that is gone when the use of it is over, however that ends. */
export async function withTempFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'flags-bench-')).catch((error) => {
    const words = systemErrorText(error)
    throw new RunError(`cannot make a folder in ${tmpdir()}: ${words}`, { cause: error })
  })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
