import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type FlagRecord,
  formatManifest,
  type Manifest,
  manifestKey,
} from '../../src/store/manifest.js'
import { gif } from './gif.js'

/** The record of a GIF that bears its code, as a run writes it. */
export function record(code: string, facts: Partial<FlagRecord> = {}): FlagRecord {
  const body = gif(code)
  return {
    code,
    format: 'gif',
    file: `${code.toLowerCase()}.gif`,
    url: `http://h/${code}.gif`,
    source: 'http://h/{CC}.gif',
    etag: '"1"',
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    width: 3,
    height: 2,
    fetched: '2026-01-02T03:04:05.678Z',
    ...facts,
  }
}

export function manifestOf(...records: readonly FlagRecord[]): Manifest {
  return new Map(records.map((each) => [manifestKey(each), each]))
}

/** Writes the flags of these codes and their manifest into a folder. */
export async function writeFlags(folder: string, ...codes: readonly string[]): Promise<void> {
  for (const code of codes) await writeFile(join(folder, `${code.toLowerCase()}.gif`), gif(code))
  const manifest = manifestOf(...codes.map((code) => record(code)))
  await writeFile(join(folder, 'flags.json'), formatManifest(manifest))
}
