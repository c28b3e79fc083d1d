import { UsageError } from '../errors.js'
import { type ImageFormat, imageFormats } from '../images/format.js'
import { type FaultOptions, faultPresets } from '../server/faults.js'
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
      /** Undefined if the template accepts any width; empty if it has none. */
      readonly widths: readonly number[] | undefined
      readonly politeConcurrency?: number | undefined
      templateFor(format: ImageFormat): UrlTemplate
    }

/** A server with a label. */
export interface Server {
  readonly label: string
  /** What it is, in a few words. */
  readonly description: string
  /** Its URL templates by format, the default format first; none for the embedded server. */
  readonly templates: Partial<Record<ImageFormat, string>>
  /** How the embedded server behaves; undefined for a remote one. */
  readonly faults?: FaultOptions
  /** The widths of its raster images, in pixels; empty if each has one. */
  readonly widths: readonly number[]
  /** The license of its images, if it is known. */
  readonly license: string
  /** For a shared host: a run with more parallel requests warns. */
  readonly politeConcurrency?: number
}

const embedded = {
  templates: {},
  widths: [],
  license: 'MIT (flag-icons)',
} as const

/** Every server with a label, in the order of the help. */
export const servers: readonly Server[] = [
  { ...embedded, label: 'local', description: 'the embedded server', faults: {} },
  {
    ...embedded,
    label: 'delay',
    description: 'the embedded server, with a delay of 0.5 to 5 s',
    faults: faultPresets.delay,
  },
  {
    ...embedded,
    label: 'error',
    description: "the embedded server, with 418 I'm a teapot for a quarter of responses",
    faults: faultPresets.error,
  },
  {
    label: 'remote',
    description: "the server of the book 'Fluent Python'",
    templates: { gif: 'https://www.fluentpython.com/data/flags/{cc}/{cc}.gif' },
    widths: [],
    license: 'not stated',
    politeConcurrency: 20,
  },
  {
    label: 'flagcdn',
    description: 'Flagpedia',
    templates: {
      svg: 'https://flagcdn.com/{cc}.svg',
      png: 'https://flagcdn.com/w{width}/{cc}.png',
      webp: 'https://flagcdn.com/w{width}/{cc}.webp',
    },
    widths: [20, 40, 80, 160, 320, 640, 1280, 2560],
    license: 'public domain (flagpedia.net)',
  },
  {
    label: 'flag-icons',
    description: 'the flag-icons package on jsDelivr',
    templates: { svg: 'https://cdn.jsdelivr.net/npm/flag-icons@7/flags/4x3/{cc}.svg' },
    widths: [],
    license: 'MIT (flag-icons)',
  },
]

/** The formats of a server, its default first. */
export function formatsOfServer({ faults, templates }: Server): readonly ImageFormat[] {
  return faults ? imageFormats : (Object.keys(templates) as ImageFormat[])
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

/** A template that ends in a format has only that one; any other may have all. */
function formatsOf(template: string): readonly ImageFormat[] {
  const path = template.replace(/[?#].*$/, '').toLowerCase()
  const format = imageFormats.find((name) => path.endsWith(`.${name}`))
  return format ? [format] : imageFormats
}
