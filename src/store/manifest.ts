import { basename } from 'node:path'

/** The name of the record of what is in a folder, in that folder. */
export const manifestFile = 'flags.json'

const formatVersion = 1

/** What is known of one flag in the folder. */
export interface FlagRecord {
  /** Its file's name, in the folder. */
  readonly file: string
  /** Where it was fetched from. */
  readonly url: string
  /** The server as it was named, without the port where that is drawn anew for each run. */
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
  /** When, as an ISO 8601 date in UTC. */
  readonly fetched: string
  /** Its country's name, where known. */
  readonly country?: string | undefined
}

/** By country code: two capital letters. */
export type Manifest = Map<string, FlagRecord>

/** One flag a line, sorted: small to write, and easy to compare. */
export function formatManifest(manifest: Manifest): string {
  const sorted = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = sorted.map(([code, record]) => formatRecord(code, record))
  return `{"version":${formatVersion},"flags":{${lines.join(',')}\n}}\n`
}

/** A flag's part of the manifest. */
export function formatRecord(code: string, record: FlagRecord): string {
  return `\n${JSON.stringify(code)}:${JSON.stringify(record)}`
}

/** Reads what formatManifest wrote; undefined for anything else: what cannot be read is not loadManifest. */
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
    manifest.set(code, record)
  }
  return manifest
}

function isFlagRecord(value: unknown): value is FlagRecord {
  return (
    isObject(value) &&
    typeof value.file === 'string' &&
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
function isPlainFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && basename(name) === name
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
