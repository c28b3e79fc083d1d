import { UsageError } from '../errors.js'
import { type ImageFormat, imageFormats } from '../images/format.js'
import type { FaultOptions } from '../server/faults.js'
import { formatsOfServer, type Server, servers } from './servers.js'
import { parseUrlTemplate, type UrlTemplate } from './url-template.js'

/** Where flags are fetched from, as `--server` names it. */
export type Source =
  /** The embedded server, started for the run. */
  | {
      readonly kind: 'embedded'
      readonly label: string
      readonly formats: readonly ImageFormat[]
      readonly faults: FaultOptions
    }
  | {
      readonly kind: 'remote'
      readonly label: string
      /** The default format first. */
      readonly formats: readonly ImageFormat[]
      /** Undefined where the template accepts any width; empty where it has none. */
      readonly widths: readonly number[] | undefined
      readonly politeConcurrency?: number | undefined
      templateFor(format: ImageFormat): UrlTemplate
    }

/** The labels of servers, in the order of the help. */
export const serverLabels: readonly string[] = servers.map(({ label }) => label)

/**
 * Parses a label (in any case) or an http(s) URL. Throws UsageError for neither: what is wrong, and the
 * labels; the caller adds the text.
 */
export function parseSource(text: string): Source {
  const server = servers.find(({ label }) => label === text.toLowerCase())
  if (server) return sourceOf(server)
  try {
    return sourceFromUrl(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const hint = `give a URL or one of ${serverLabels.join(', ')}`
    throw new UsageError(`${error.message}; ${hint}`, { cause: error })
  }
}

function sourceOf(server: Server): Source {
  const { label, faults, templates, widths, politeConcurrency } = server
  const formats = formatsOfServer(server)
  if (faults) return { kind: 'embedded', label, formats, faults }
  const templateFor = (format: ImageFormat) => parseUrlTemplate(templates[format] ?? '')
  return { kind: 'remote', label, formats, widths, politeConcurrency, templateFor }
}

function sourceFromUrl(url: string): Source {
  const template = parseUrlTemplate(url)
  return {
    kind: 'remote',
    label: url,
    formats: formatsOf(template.text),
    widths: template.text.includes('{width}') ? undefined : [],
    templateFor: () => template,
  }
}

/** A template that ends in a format has that one, any other may have all. */
function formatsOf(template: string): readonly ImageFormat[] {
  const path = template.replace(/[?#].*$/, '').toLowerCase()
  const format = imageFormats.find((name) => path.endsWith(`.${name}`))
  return format ? [format] : imageFormats
}
