import { UsageError } from '../errors.js'
import { parseSource, type Source } from '../sources/parse-source.js'

/** The settings of a run, resolved: every one has a valid value. */
export interface Settings {
  readonly server: Source
  readonly concurrency: number
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
  /** The maximum number of parallel requests, 1 to 1000. Default: 5. */
  readonly concurrency?: number | undefined
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

/** The ways of naming files. */
export const nameBys = ['code', 'country'] as const
/** See `nameBys`. */
export type NameBy = (typeof nameBys)[number]

/** Every default, for the program, its help, its README and the library alike. */
export const defaults = Object.freeze({
  server: 'local',
  concurrency: 5,
  output: 'downloaded',
  timeoutMs: 10_000,
  retries: 3,
  ratePerSecond: Number.POSITIVE_INFINITY,
  maxBytes: 5_000_000,
  maxRedirects: 5,
  force: false,
  nameBy: 'code',
} satisfies Record<keyof Settings, unknown> & SettingsOptions)

/** The values that a number may have. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly isInteger: boolean
}

/** The numbers among the settings, and the range of each. */
export const ranges = {
  concurrency: { min: 1, max: 1000, isInteger: true },
  timeoutMs: { min: 1, max: 86_400_000, isInteger: false },
  retries: { min: 0, max: 100, isInteger: true },
  ratePerSecond: { min: 0.001, max: Number.POSITIVE_INFINITY, isInteger: false },
  maxBytes: { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true },
  maxRedirects: { min: 0, max: 100, isInteger: true },
} as const satisfies Partial<Record<keyof Settings, NumberRange>>

/** Fills in the defaults and checks each value. Throws UsageError, with the option's name. */
export function resolveSettings(options: SettingsOptions): Settings {
  const output = optionValue('output', options)
  if (typeof output !== 'string' || output === '') throw badValue('output', output, 'a folder')
  const force = optionValue('force', options)
  if (typeof force !== 'boolean') throw badValue('force', force, 'true or false')
  const nameBy = optionValue('nameBy', options)
  if (!nameBys.includes(nameBy)) throw badValue('nameBy', nameBy, `one of ${nameBys.join(', ')}`)
  return {
    server: sourceOf(optionValue('server', options)),
    output,
    force,
    nameBy,
    concurrency: numberOf('concurrency', options),
    timeoutMs: numberOf('timeoutMs', options),
    retries: numberOf('retries', options),
    ratePerSecond: numberOf('ratePerSecond', options),
    maxBytes: numberOf('maxBytes', options),
    maxRedirects: numberOf('maxRedirects', options),
  }
}

function optionValue<Name extends keyof SettingsOptions>(
  name: Name,
  options: SettingsOptions,
): NonNullable<SettingsOptions[Name]> {
  const value = options[name]
  // null is no default: JavaScript callers who pass it made a mistake.
  return (value === undefined ? defaults[name] : value) as NonNullable<SettingsOptions[Name]>
}

function sourceOf(server: string | Source): Source {
  if (typeof server === 'string') return parseSource(server)
  const isSource = server !== null && typeof server === 'object' && 'kind' in server
  if (!isSource) throw badValue('server', server, 'a label or a URL, as a string')
  return server
}

function numberOf(name: keyof typeof ranges, options: SettingsOptions): number {
  const value = optionValue(name, options)
  if (!isInRange(value, ranges[name])) throw badValue(name, value, describeRange(ranges[name]))
  return value
}

function badValue(name: string, value: unknown, expected: string): UsageError {
  const shown = typeof value === 'string' || typeof value === 'number' ? ` '${value}'` : ''
  return new UsageError(`bad ${name}${shown}: give ${expected}`)
}

/** Is it a number in the range? A string that looks like one is not. */
export function isInRange(value: number, { min, max, isInteger }: NumberRange): boolean {
  if (typeof value !== 'number') return false
  return value >= min && value <= max && (!isInteger || Number.isInteger(value))
}

/** Describes a range: `a whole number, 1 to 1000`. */
export function describeRange({ min, max, isInteger }: NumberRange): string {
  const bounds = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`
  return `a ${isInteger ? 'whole ' : ''}number, ${bounds}`
}
