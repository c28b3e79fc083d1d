import type { ImageFormat } from '../images/format.js'
import type { Source } from '../sources/source.js'

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

/**
 * The settings as a caller gives them; an omitted or undefined one has its default.
 *
 * @example
 * import type { SettingsOptions } from 'flag-downloader'
 *
 * const settings: SettingsOptions = { format: 'png', server: 'flagcdn', width: 320, timeoutMs: 5000 }
 */
export interface SettingsOptions {
  /**
   * A label (`local`, `flagcdn`, …), a base URL, or a URL template with placeholders such as `{cc}`.
   * @default 'local'
   */
  readonly server?: string | Source | undefined
  /**
   * The image format.
   * @default the ending of a URL template, else the first format of the server
   */
  readonly format?: ImageFormat | undefined
  /**
   * The width of raster images in pixels, for servers that have several.
   * @default 320
   */
  readonly width?: number | undefined
  /**
   * The maximum number of parallel requests, 1 to 1000, or `auto` to adapt it to the server.
   * @default 5
   */
  readonly concurrency?: Concurrency | undefined
  /**
   * The upper limit for `auto`, 1 to 1000; 20 for the book's server in any case.
   * @default 100
   */
  readonly maxConcurrency?: number | undefined
  /**
   * The folder to save to, created if missing.
   * @default 'downloaded'
   */
  readonly output?: string | undefined
  /**
   * The time limit for one attempt, from connecting to the last byte, in milliseconds.
   * @default 10_000
   */
  readonly timeoutMs?: number | undefined
  /**
   * The number of attempts after the first, 0 to 100.
   * @default 3
   */
  readonly retries?: number | undefined
  /**
   * The maximum number of requests that start in a second, over all workers.
   * @default Infinity
   */
  readonly ratePerSecond?: number | undefined
  /**
   * The size of the largest body that is accepted, in bytes.
   * @default 5_000_000
   */
  readonly maxBytes?: number | undefined
  /**
   * The maximum number of redirects followed in one attempt, 0 to 100.
   * @default 5
   */
  readonly maxRedirects?: number | undefined
  /**
   * Download even what is unchanged.
   * @default false
   */
  readonly force?: boolean | undefined
  /**
   * What files are named after: `br.gif`, or `Brazil.gif` from the server's `metadata.json`; without a usable
   * name there, `br.gif` as well.
   * @default 'code'
   */
  readonly nameBy?: NameBy | undefined
}

/** A fixed number of parallel requests, or one that adapts to the server. */
export type Concurrency = number | 'auto'

/** The ways of naming files. */
export const nameBys = ['code', 'alpha3', 'numeric', 'country'] as const
/** See `nameBys`. */
export type NameBy = (typeof nameBys)[number]

/**
 * The default of each setting, for the program and the library.
 *
 * @example
 * import { defaults } from 'flag-downloader'
 *
 * console.log(defaults.concurrency, defaults.timeoutMs) // → 5 10000
 */
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
  /** A word that is accepted, too. */
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

/** Is it a number in the range? A string that looks like one is not. */
export function isInRange(value: unknown, { min, max, isInteger }: NumberRange): value is number {
  if (typeof value !== 'number') return false
  return value >= min && value <= max && (!isInteger || Number.isInteger(value))
}

/** Describes a range: `a whole number from 1 to 1000, or auto`. */
export function describeRange({ min, max, isInteger, alternative }: NumberRange): string {
  const bounds = max === Number.POSITIVE_INFINITY ? `, ${min} or more` : ` from ${min} to ${max}`
  const or = alternative === undefined ? '' : `, or ${alternative}`
  return `a ${isInteger ? 'whole ' : ''}number${bounds}${or}`
}
