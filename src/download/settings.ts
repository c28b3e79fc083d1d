import { UsageError } from '../endings/usage-error.js'

/** Everything that can be set about a run, with units in the names. */
export interface Settings {
  /** Label (`local`, `delay`, `error`, `remote`), base URL, or URL with `{cc}` or `{CC}` in it. Default: `local`. */
  readonly server: string
  /** How many requests may be open at once, 1 to 1000. Default: 5. */
  readonly concurrency: number
  /** The folder to save to; made if missing. Default: `downloaded`. */
  readonly output: string
  /** For one attempt, from connecting to the last byte. Default: 10 seconds. */
  readonly timeoutMs: number
  /** Further attempts after the first, 0 to 100. Default: 3. */
  readonly retries: number
  /** The most requests that may start in a second, over all workers. Default: no limit. */
  readonly ratePerSecond: number
  /** The largest body that is taken. Default: 5 MB. */
  readonly maxBytes: number
  /** The most redirects that are followed for one attempt. Default: 5. */
  readonly maxRedirects: number
  /** Fetch again what is unchanged. Default: false. */
  readonly force: boolean
  /** What files are named by: `br.gif`, or `Brazil.gif` from the server's `metadata.json`. Default: code. */
  readonly nameBy: NameBy
}

/** The ways of naming files. */
export const nameBys = ['code', 'country'] as const
/** See `nameBys`. */
export type NameBy = (typeof nameBys)[number]

/** Every default, for the program, its help, its README and the library alike. */
export const defaults: Settings = {
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
}

/** What a number may be. */
export interface NumberRange {
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
}

/** The numbers among the settings, and what each may be. */
export const ranges = {
  concurrency: { least: 1, most: 1000, isWhole: true },
  timeoutMs: { least: 1, most: 86_400_000, isWhole: false },
  retries: { least: 0, most: 100, isWhole: true },
  ratePerSecond: { least: 0.001, most: Number.POSITIVE_INFINITY, isWhole: false },
  maxBytes: { least: 1, most: Number.MAX_SAFE_INTEGER, isWhole: true },
  maxRedirects: { least: 0, most: 100, isWhole: true },
} as const satisfies Partial<Record<keyof Settings, NumberRange>>

/** Puts the defaults under what was given. Throws UsageError for a number out of its range. */
export function fillSettings(given: Partial<Settings>): Settings {
  const settings = { ...defaults, ...withoutUndefined(given) }
  for (const [name, range] of Object.entries(ranges)) {
    const value = settings[name as keyof typeof ranges]
    if (!isInRange(value, range)) {
      throw new UsageError(`bad ${name} ${String(value)}: give ${describeRange(range)}`)
    }
  }
  if (!nameBys.includes(settings.nameBy)) {
    throw new UsageError(`bad nameBy '${settings.nameBy}': give one of ${nameBys.join(', ')}`)
  }
  return settings
}

/** Is it a number in the range? A text that looks like one is none. */
export function isInRange(value: number, { least, most, isWhole }: NumberRange): boolean {
  if (typeof value !== 'number') return false
  return value >= least && value <= most && (!isWhole || Number.isInteger(value))
}

/** What a range allows, in words: `a whole number, 1 to 1000`. */
export function describeRange({ least, most, isWhole }: NumberRange): string {
  const bounds = most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`
  return `a ${isWhole ? 'whole ' : ''}number, ${bounds}`
}

/** An option that is there but undefined means its default, too. */
function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}
