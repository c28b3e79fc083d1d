import { basename } from 'node:path'
import { type ImageFormat, imageFormats } from '../images/format.js'

/** The name of a folder's manifest. */
export const manifestFile = 'flags.json'

/** Version 1 knew GIFs only: a record for each code. Since version 2, each code has one for each format. */
const manifestVersion = 2

/** A flag in one format. */
export interface FlagKey {
  /** In capital letters. */
  readonly code: string
  readonly format: ImageFormat
}

/** The record of one flag in a folder. */
export interface FlagRecord extends FlagKey {
  /** The name of its file in the folder. */
  readonly file: string
  /** The URL it was downloaded from. */
  readonly url: string
  /** The server's id, without a port that differs from run to run. */
  readonly source: string
  /** The response's ETag and Last-Modified, as they were sent. */
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  readonly bytes: number
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string
  /** In pixels. */
  readonly width: number
  readonly height: number
  /** The time of the download, as an ISO 8601 date in UTC. */
  readonly fetched: string
  /** Its country's name, where known. */
  readonly country?: string | undefined
}

/** By manifestKey. */
export type Manifest = Map<string, FlagRecord>

export function manifestKey({ code, format }: FlagKey): string {
  return `${code}.${format}`
}

/** One code a line, sorted: small to write, and easy to compare. */
export function formatManifest(manifest: Manifest): string {
  const byCode = new Map<string, Record<string, object>>()
  for (const { code, format, ...record } of [...manifest.values()].sort(byKey)) {
    byCode.set(code, { ...byCode.get(code), [format]: record })
  }
  const lines = [...byCode].map(
    ([code, records]) => `\n${JSON.stringify(code)}:${JSON.stringify(records)}`,
  )
  return `{"version":${manifestVersion},"flags":{${lines.join(',')}\n}}\n`
}

function byKey(a: FlagKey, b: FlagKey): number {
  return manifestKey(a) < manifestKey(b) ? -1 : 1
}

/**
 * Why a manifest cannot be used: it is damaged, or was written by another program or a later version of this
 * one.
 */
export type ManifestProblem = 'damaged' | 'later'

/** Parses what formatManifest wrote, including version 1. */
export function parseManifest(text: string): Manifest | ManifestProblem {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'damaged'
  }
  if (!isObject(json) || !isObject(json.flags)) return 'damaged'
  const { version, flags } = json
  if (typeof version === 'number' && version > manifestVersion) return 'later'
  if (version !== 1 && version !== manifestVersion) return 'damaged'
  const manifest: Manifest = new Map()
  for (const [code, value] of Object.entries(flags)) {
    const records = recordsOf(code, version === 1 ? { gif: value } : value)
    if (!records) return 'damaged'
    for (const record of records) manifest.set(manifestKey(record), record)
  }
  return manifest
}

/** The records of a flag, one for each format; undefined if anything in them is invalid. */
function recordsOf(code: string, records: unknown): FlagRecord[] | undefined {
  if (!isCode(code) || !isObject(records)) return undefined
  const parsed: FlagRecord[] = []
  for (const [format, record] of Object.entries(records)) {
    if (!isImageFormat(format) || !isStoredRecord(record)) return undefined
    parsed.push(withSendableValidators({ ...record, code, format }))
  }
  return parsed
}

/** `BR`, `GB-SCT`, `ASEAN`. */
function isCode(text: string): boolean {
  return /^[A-Z]{2,5}(-[A-Z]{2,3})?$/.test(text)
}

function isImageFormat(text: string): text is ImageFormat {
  return imageFormats.some((format) => format === text)
}

function isStoredRecord(value: unknown): value is Omit<FlagRecord, keyof FlagKey> {
  return (
    isObject(value) &&
    isPlainFileName(value.file) &&
    typeof value.url === 'string' &&
    typeof value.source === 'string' &&
    isOptionalString(value.etag) &&
    isOptionalString(value.lastModified) &&
    typeof value.bytes === 'number' &&
    typeof value.sha256 === 'string' &&
    typeof value.width === 'number' &&
    typeof value.height === 'number' &&
    typeof value.fetched === 'string' &&
    isOptionalString(value.country)
  )
}

/** A record must not lead out of its folder. */
function isPlainFileName(name: unknown): boolean {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) return false
  return name !== '.' && name !== '..' && basename(name) === name
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A record without the validators that no request can carry. */
export function withSendableValidators<Validated extends Pick<FlagRecord, 'etag' | 'lastModified'>>(
  record: Validated,
): Validated {
  const { etag, lastModified } = record
  return { ...record, etag: sendable(etag), lastModified: sendable(lastModified) }
}

/** Longer ones would make the manifest too large, and some servers refuse them. */
const maxValidatorLength = 1000

/** The characters of a field value (RFC 9110, 5.5). */
function sendable(validator: string | undefined): string | undefined {
  const isSendable = /^[\t\x20-\x7e\x80-\xff]+$/.test(validator ?? '')
  return isSendable && validator && validator.length <= maxValidatorLength ? validator : undefined
}
