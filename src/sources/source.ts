import { UsageError } from '../endings/usage-error.js'
import { nearest } from '../spelling/nearest.js'
import { parseUrlTemplate, type UrlTemplate } from './url-template.js'

/** How the embedded server misbehaves, on purpose. */
export interface ServerFaults {
  /** Wait before each answer, drawn evenly from this range; milliseconds. */
  readonly delayMs?: readonly [least: number, most: number]
  /** Share of the answers that are `418 I'm a teapot`, 0 to 1. */
  readonly errorRate?: number
}

/** Where flags come from. */
export type Source =
  | { readonly kind: 'embedded'; readonly label: string; readonly faults: ServerFaults }
  | { readonly kind: 'remote'; readonly label: string; readonly template: UrlTemplate }

const embedded: ReadonlyMap<string, ServerFaults> = new Map([
  ['local', {}],
  ['delay', { delayMs: [500, 5000] as const }],
  ['error', { errorRate: 0.25 }],
])

const remote: ReadonlyMap<string, string> = new Map([
  ['remote', 'https://www.fluentpython.com/data/flags'],
])

/** The labels that stand for a server, in the order in which help lists them. */
export const serverLabels: readonly string[] = [...embedded.keys(), ...remote.keys()]

/** Reads a label (any case) or an http(s) URL. Throws UsageError, with the labels, for neither. */
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
    const meant = nearest(text, serverLabels)
    const guess = meant ? `did you mean '${meant}'? Give` : 'give'
    throw new UsageError(`${error.message}; ${guess} a URL or one of ${serverLabels.join(', ')}`, {
      cause: error,
    })
  }
}
