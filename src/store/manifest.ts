import { basename } from 'node:path'

/** The name of a folder's manifest. */
export const manifestFile = 'flags.json'

const formatVersion = 1

/** What is known of one flag in the folder. */
export interface FlagRecord {
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

/** By country code: two capital letters. */
export type Manifest = Map<string, FlagRecord>

/** One flag a line, sorted: small to write, and easy to compare. */
export function formatManifest(manifest: Manifest): string {
  const sorted = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = sorted.map(
    ([code, record]) => `\n${JSON.stringify(code)}:${JSON.stringify(record)}`,
  )
  return `{"version":${formatVersion},"flags":{${lines.join(',')}\n}}\n`
}

/** Parses what formatManifest wrote; undefined for anything else. */
export function parseManifest(text: string): Manifest | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(json) || json.version !== formatVersion || !isObject(json.flags)) return undefined
  const manifest: Manifest = new Map()
  for (const [code, record] of Object.entries(json.flags)) {
    if (!/^[A-Z]{2}$/.test(code) || !isFlagRecord(record)) return undefined
    manifest.set(code, withSendableValidators(record))
  }
  return manifest
}

function isFlagRecord(value: unknown): value is FlagRecord {
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
