import { type ImageFormat, imageFormats } from '../images/format.js'
import type { FaultOptions } from '../server/faults.js'

/** A server with a label. */
export interface Server {
  readonly label: string
  /** What it is, in a few words. */
  readonly description: string
  /** Its URL templates by format, the default format first; none for the embedded server. */
  readonly templates: Partial<Record<ImageFormat, string>>
  /** How the embedded server behaves; undefined for a remote one. */
  readonly faults?: FaultOptions
  /** The widths of its raster images, in pixels; empty where each has one. */
  readonly widths: readonly number[]
  /** The license of its images, as far as it is known. */
  readonly license: string
  /** A shared host: more parallel requests than this deserve a warning. */
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
    description: 'the embedded server, 0.5 to 5 s before each answer',
    faults: { delayMs: [500, 5000] },
  },
  {
    ...embedded,
    label: 'error',
    description: "the embedded server, a quarter of the answers 418 I'm a teapot",
    faults: { errorRate: 0.25 },
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
