import { badValue, shortened, UsageError } from '../errors.js'
import { type ImageFormat, imageFormats } from '../images/format.js'
import { parseSource, type Source } from '../sources/parse-source.js'
import { formatsOfServer, servers } from '../sources/servers.js'

/** The settings of a run, resolved: every one has a valid value. */
export interface Settings {
  readonly server: Source
  readonly format: ImageFormat
  readonly width: number
  readonly concurrency: Concurrency
  readonly maxConcurrency: number
  readonly output: string
  readonly timeoutMs: number
  readonly retries: number
  readonly ratePerSecond: number
  readonly maxBytes: number
  readonly maxRedirects: number
  readonly force: boolean
  readonly nameBy: NameBy
}

/** The settings as a caller gives them; an omitted or undefined one has its default. */
export interface SettingsOptions {
  /** Label (`local`, `delay`, `error`, `remote`), base URL, or URL with `{cc}` or `{CC}`. Default: `local`. */
  readonly server?: string | Source | undefined
  /** The image format. Default: what the server's template ends in, else the first that the server has. */
  readonly format?: ImageFormat | undefined
  /** The width of raster images in pixels, for servers that have several. Default: 320, or the server's next one. */
  readonly width?: number | undefined
  /** The maximum number of parallel requests, 1 to 1000, or `auto` to find it. Default: 5. */
  readonly concurrency?: Concurrency | undefined
  /** The maximum that `auto` may find, 1 to 1000; 20 for the book's server in any case. Default: 100. */
  readonly maxConcurrency?: number | undefined
  /** The folder to save to; created if missing. Default: `downloaded`. */
  readonly output?: string | undefined
  /** For one attempt, from connecting to the last byte. Default: 10 seconds. */
  readonly timeoutMs?: number | undefined
  /** Attempts after the first, 0 to 100. Default: 3. */
  readonly retries?: number | undefined
  /** The maximum number of requests that start in a second, over all workers. Default: no limit. */
  readonly ratePerSecond?: number | undefined
  /** The largest body that is accepted. Default: 5 MB. */
  readonly maxBytes?: number | undefined
  /** The maximum number of redirects followed in one attempt. Default: 5. */
  readonly maxRedirects?: number | undefined
  /** Download again even what is unchanged. Default: false. */
  readonly force?: boolean | undefined
  /** What files are named after: `br.gif`, or `Brazil.gif` from the server's `metadata.json`. Default: code. */
  readonly nameBy?: NameBy | undefined
}

/** A fixed number of parallel requests, or one that adapts to the server. */
export type Concurrency = number | 'auto'

/** The ways of naming files. */
export const nameBys = ['code', 'alpha3', 'numeric', 'country'] as const
/** See `nameBys`. */
export type NameBy = (typeof nameBys)[number]

/** Every default, for the program, its help, its README and the library alike. */
export const defaults = Object.freeze({
  server: 'local',
  concurrency: 5,
  maxConcurrency: 100,
  output: 'downloaded',
  timeoutMs: 10_000,
  retries: 3,
  ratePerSecond: Number.POSITIVE_INFINITY,
  maxBytes: 5_000_000,
  maxRedirects: 5,
  force: false,
  nameBy: 'code',
} satisfies Required<Omit<SettingsOptions, 'format' | 'width'>>)

/** The values that a number may have. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly isInteger: boolean
  /** A word that may stand in its place. */
  readonly alternative?: string
}

/** The widths that images may have, in pixels. */
export const widthRange: NumberRange = { min: 1, max: 10_000, isInteger: true }

/** The numbers among the settings, and the range of each. */
export const ranges = {
  concurrency: { min: 1, max: 1000, isInteger: true, alternative: 'auto' },
  maxConcurrency: { min: 1, max: 1000, isInteger: true },
  timeoutMs: { min: 1, max: 86_400_000, isInteger: false },
  retries: { min: 0, max: 100, isInteger: true },
  ratePerSecond: { min: 0.001, max: Number.POSITIVE_INFINITY, isInteger: false },
  maxBytes: { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  maxRedirects: { min: 0, max: 100, isInteger: true },
} as const satisfies Partial<Record<keyof Settings, NumberRange>>

/** Fills in the defaults and checks each value. Throws UsageError, with the option's name. */
export function resolveSettings(options: SettingsOptions): Settings {
  const output = optionValue('output', options)
  if (!isPath(output)) throw badValue('output', output, 'a folder')
  const force = optionValue('force', options)
  if (typeof force !== 'boolean') throw badValue('force', force, 'true or false')
  const nameBy = optionValue('nameBy', options)
  if (!nameBys.includes(nameBy)) throw badValue('nameBy', nameBy, `one of ${nameBys.join(', ')}`)
  const server = sourceOf(optionValue('server', options))
  const format = formatOf(options.format, server)
  return {
    server,
    format,
    width: widthOf(options.width, server, format),
    output,
    force,
    nameBy,
    concurrency: options.concurrency === 'auto' ? 'auto' : numberOf('concurrency', options),
    maxConcurrency: numberOf('maxConcurrency', options),
    timeoutMs: numberOf('timeoutMs', options),
    retries: numberOf('retries', options),
    ratePerSecond: numberOf('ratePerSecond', options),
    maxBytes: numberOf('maxBytes', options),
    maxRedirects: numberOf('maxRedirects', options),
  }
}

function optionValue<Name extends keyof typeof defaults>(
  name: Name,
  options: SettingsOptions,
): NonNullable<SettingsOptions[Name]> {
  const value = options[name]
  // null is no default: JavaScript callers who pass it made a mistake.
  return (value === undefined ? defaults[name] : value) as NonNullable<SettingsOptions[Name]>
}

/** Without a lone surrogate, which Node replaces: the path would become another one. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^[^\0\p{Surrogate}]+$/u.test(value)
}

function sourceOf(server: string | Source): Source {
  if (typeof server === 'string') return parseSource(server)
  const isParsed = server !== null && typeof server === 'object' && 'formats' in server
  if (!isParsed) throw badValue('server', server, 'a label or a URL, as a string')
  return server
}

/** The formats that have no width: a vector image has any, and GIFs come in one. */
const unsizedFormats: ReadonlySet<ImageFormat> = new Set(['gif', 'svg'])

/** The width of raster images where nobody asks for one, in pixels. */
const defaultWidth = 320

/** Throws UsageError for a format that the server does not have, with servers that do. */
function formatOf(format: ImageFormat | undefined, { label, formats }: Source): ImageFormat {
  const wanted = format === undefined ? (formats[0] ?? 'gif') : format
  if (!imageFormats.includes(wanted)) {
    throw badValue('format', wanted, `one of ${imageFormats.join(', ')}`)
  }
  if (formats.includes(wanted)) return wanted
  const others = servers.filter((server) => formatsOfServer(server).includes(wanted))
  const labels = others.map((server) => server.label).join(', ')
  throw new UsageError(
    `the server ${shortened(label)} has no ${wanted}: use one that has it (${labels})`,
  )
}

/** Throws UsageError for a width that the server does not have, with those that it has. */
function widthOf(width: number | undefined, server: Source, format: ImageFormat): number {
  if (width !== undefined && !isInRange(width, widthRange)) {
    throw badValue('width', width, describeRange(widthRange))
  }
  const widths = server.kind === 'embedded' ? [] : server.widths
  // A template with {width} decides for itself.
  if (widths === undefined) return width ?? defaultWidth
  const available = unsizedFormats.has(format) ? [] : widths
  if (width === undefined || available.includes(width)) return width ?? defaultWidth
  const hint = available.length > 0 ? `give one of ${available.join(', ')}` : 'omit the width'
  const label = shortened(server.label)
  throw new UsageError(`the server ${label} has no ${format} of width ${width}: ${hint}`)
}

function numberOf(name: keyof typeof ranges, options: SettingsOptions): number {
  const value = optionValue(name, options)
  if (!isInRange(value, ranges[name])) throw badValue(name, value, describeRange(ranges[name]))
  return value
}

/** Is it a number in the range? A string that looks like one is not. */
export function isInRange(value: unknown, { min, max, isInteger }: NumberRange): value is number {
  if (typeof value !== 'number') return false
  return value >= min && value <= max && (!isInteger || Number.isInteger(value))
}

/** Describes a range: `a whole number, 1 to 1000, or auto`. */
export function describeRange({ min, max, isInteger, alternative }: NumberRange): string {
  const bounds = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`
  const or = alternative === undefined ? '' : `, or ${alternative}`
  return `a ${isInteger ? 'whole ' : ''}number, ${bounds}${or}`
}
