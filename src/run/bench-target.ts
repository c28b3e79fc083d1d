import type { Origin } from '../download/origin.js'
import { parseSource, type ServerFaults } from '../sources/source.js'
import { openOrigin } from './origin.js'

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

/** Opens the server for as long as the use of it lasts: one for all runs. */
export async function withOrigin<T>(
  { label, faults }: BenchTarget,
  use: (origin: Origin) => Promise<T>,
): Promise<T> {
  const origin = await openOrigin(faults ?? label)
  try {
    return await use(origin)
  } finally {
    await origin.close()
  }
}
