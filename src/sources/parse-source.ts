import { UsageError } from '../errors.js'
import type { FaultOptions } from '../server/faults.js'
import { parseUrlTemplate, type UrlTemplate } from './url-template.js'

/** Where flags are fetched from, as `--server` names it. */
export type Source =
  /** The embedded server, started for the run. */
  | { readonly kind: 'embedded'; readonly label: string; readonly faults: FaultOptions }
  | { readonly kind: 'remote'; readonly label: string; readonly template: UrlTemplate }

const embedded: ReadonlyMap<string, FaultOptions> = new Map([
  ['local', {}],
  ['delay', { delayMs: [500, 5000] as const }],
  ['error', { errorRate: 0.25 }],
])

const remote: ReadonlyMap<string, string> = new Map([
  ['remote', 'https://www.fluentpython.com/data/flags'],
])

/** The labels of servers, in the order of the help. */
export const serverLabels: readonly string[] = [...embedded.keys(), ...remote.keys()]

/** Parses a label (in any case) or an http(s) URL. Throws UsageError, with the labels, for neither. */
export function parseSource(text: string): Source {
  const label = text.toLowerCase()
  const faults = embedded.get(label)
  if (faults) return { kind: 'embedded', label, faults }
  const base = remote.get(label)
  if (base) return { kind: 'remote', label, template: parseUrlTemplate(base) }
  try {
    return { kind: 'remote', label: text, template: parseUrlTemplate(text) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const hint = `give a URL or one of ${serverLabels.join(', ')}`
    throw new UsageError(`${error.message}; ${hint}`, { cause: error })
  }
}
