import leven from 'leven'
import { badValue, shortened, UsageError } from '../errors.js'
import { withoutPassword } from '../http/failure.js'
import { type ImageFormat, imageFormats } from '../images/format.js'
import { formatsOfServer, parseSource, type Source, servers } from '../sources/source.js'
import {
  defaults,
  describeRange,
  isInRange,
  nameBys,
  ranges,
  type Settings,
  type SettingsOptions,
  widthRange,
} from './settings.js'

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
  // null does not mean the default: JavaScript callers who pass it made a mistake.
  return (value === undefined ? defaults[name] : value) as NonNullable<SettingsOptions[Name]>
}

/** Without a lone surrogate, which Node replaces: the path would become another one. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^[^\0\p{Surrogate}]+$/u.test(value)
}

function sourceOf(server: string | Source): Source {
  if (typeof server === 'string') return sourceNamed(server)
  const isParsed = server !== null && typeof server === 'object' && 'formats' in server
  if (!isParsed) throw badValue('server', server, 'a label or a URL, as a string')
  return server
}

function sourceNamed(server: string): Source {
  try {
    return parseSource(server)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const shown = shortened(withoutPassword(server))
    throw new UsageError(`invalid server '${shown}': ${error.message}`, { cause: error })
  }
}

/** The formats without a choice of width: a vector image has any width, and GIFs come in one. */
const unsizedFormats: ReadonlySet<ImageFormat> = new Set(['gif', 'svg'])

/** The width of raster images where none is given, in pixels. */
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
    `the server ${shortened(label)} has no ${wanted} images; these servers do: ${labels}`,
  )
}

/** Throws UsageError for a width that the server does not have, with those that it has. */
function widthOf(width: number | undefined, server: Source, format: ImageFormat): number {
  if (width !== undefined && !isInRange(width, widthRange)) {
    throw badValue('width', width, describeRange(widthRange))
  }
  const widths = server.kind === 'embedded' ? [] : server.widths
  // A template with {width} accepts any.
  if (widths === undefined) return width ?? defaultWidth
  const available = unsizedFormats.has(format) ? [] : widths
  if (width === undefined || available.includes(width)) return width ?? defaultWidth
  const label = shortened(server.label)
  if (available.length === 0) {
    throw new UsageError(
      `the server ${label} offers no choice of width for ${format}: omit --width`,
    )
  }
  const hint = `give one of ${available.join(', ')}`
  throw new UsageError(`the server ${label} has no ${format} images of width ${width}: ${hint}`)
}

function numberOf(name: keyof typeof ranges, options: SettingsOptions): number {
  const value = optionValue(name, options)
  if (!isInRange(value, ranges[name])) throw badValue(name, value, describeRange(ranges[name]))
  return value
}

/** The settings whose default depends on the server. */
const serverSettings = { format: true, width: true } satisfies Record<
  Exclude<keyof SettingsOptions, keyof typeof defaults>,
  true
>

/** Throws UsageError for an option that is neither a setting nor one of `others`, with the closest that is. */
export function checkOptionNames(options: object, others: readonly string[]): void {
  const known = [...Object.keys({ ...defaults, ...serverSettings }), ...others]
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const distanceOf = (name: string) => leven(name.toLowerCase(), unknown.toLowerCase())
  const nearest = known.reduce((a, b) => (distanceOf(b) < distanceOf(a) ? b : a))
  const isClose = distanceOf(nearest) <= nearest.length / 2
  const hint = isClose ? `did you mean '${nearest}'?` : `give some of ${known.join(', ')}`
  throw new UsageError(`unknown option '${shortened(unknown)}': ${hint}`)
}
