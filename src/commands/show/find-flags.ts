import { join } from 'node:path'
import { downloadFrom } from '../../download/download-flags.js'
import { fileNameOf } from '../../download/file-naming.js'
import type { FlagResult } from '../../download/result.js'
import { defaults, type Settings } from '../../download/settings.js'
import { type DecodableFormat, decodableFormats } from '../../images/image.js'
import { openSource } from '../../sources/open-source.js'
import { withTempFolder } from '../../store/folder.js'
import { manifestKey } from '../../store/manifest.js'
import { optionalManifest } from '../../store/manifest-file.js'
import { readRegularFile } from '../../store/whole-file.js'

/** A flag's file, as it was read. */
export interface FlagFile {
  readonly code: string
  readonly format: DecodableFormat
  readonly bytes: Buffer
}

/**
 * Finds the flags of these codes in a folder, recorded there or under the usual name. Throws RunError
 * where its manifest cannot be used.
 */
export async function flagsInFolder(codes: readonly string[], folder: string): Promise<FlagFile[]> {
  const manifest = await optionalManifest(folder)
  const found = new Map<string, FlagFile>()
  for (const format of decodableFormats) {
    for (const code of codes.filter((candidate) => !found.has(candidate))) {
      const key = { code, format }
      const path = join(folder, manifest?.get(manifestKey(key))?.file ?? fileNameOf(key))
      const bytes = await readRegularFile(path, defaults.maxBytes).catch(() => undefined)
      if (bytes) found.set(code, { code, format, bytes })
    }
  }
  return [...found.values()]
}

/**
 * Downloads the flags of these codes to a temporary folder and reads them. `onMissing` is told of those
 * that the server does not have. Throws RunError where that folder cannot be created.
 *
 * @param settings of a run; its format is one that can be decoded
 */
export async function flagsFromServer(
  codes: readonly string[],
  settings: Settings & { readonly format: DecodableFormat },
  onMissing: (result: FlagResult) => void,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<FlagFile[]> {
  return withTempFolder(async (output) => {
    const source = await openSource(settings, env)
    const run = { source, settings: { ...settings, output }, signal, events: {} }
    const files: FlagFile[] = []
    try {
      for await (const result of downloadFrom(codes, run)) {
        if (result.status !== 'saved') onMissing(result)
        else files.push(await readFlag(result.code, settings.format, result))
      }
    } finally {
      await source.close()
    }
    return files
  })
}

async function readFlag(
  code: string,
  format: DecodableFormat,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): Promise<FlagFile> {
  return { code, format, bytes: await readRegularFile(path, bytes) }
}
