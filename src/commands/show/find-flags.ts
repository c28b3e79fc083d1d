import { join } from 'node:path'
import { type DownloadOptions, downloadFlags } from '../../download/download-flags.js'
import { fileNameOf } from '../../download/file-naming.js'
import type { FlagResult } from '../../download/result.js'
import { defaults } from '../../download/settings.js'
import { readManifest } from '../../store/manifest-file.js'
import { readFile } from '../../store/read-file.js'
import { withTempFolder } from '../../store/temp-folder.js'

/** A flag's file, as it was read. */
export interface FlagFile {
  readonly code: string
  readonly bytes: Buffer
}

/** The flags of these codes that are in a folder, on record there or under the usual name. */
export async function flagsInFolder(codes: readonly string[], folder: string): Promise<FlagFile[]> {
  const recorded = await readManifest(folder)
  const manifest = recorded.state === 'read' ? recorded.manifest : undefined
  const files: FlagFile[] = []
  for (const code of codes) {
    const path = join(folder, manifest?.get(code)?.file ?? fileNameOf(code))
    const bytes = await readFile(path, defaults.maxBytes).catch(() => undefined)
    if (bytes) files.push({ code, bytes })
  }
  return files
}

/**
 * The flags of these codes from a server, by way of a temporary folder that is gone afterwards.
 * `onMiss` is told of those that cannot be had. Throws RunError where that folder cannot be made.
 */
export async function flagsFromServer(
  codes: readonly string[],
  options: Omit<DownloadOptions, 'output'>,
  onMiss: (result: FlagResult) => void,
): Promise<FlagFile[]> {
  // No server is started, and no folder made, for nothing.
  if (codes.length === 0) return []
  return withTempFolder(async (output) => {
    const files: FlagFile[] = []
    for await (const result of downloadFlags(codes, { ...options, output })) {
      if (result.status !== 'saved') onMiss(result)
      else files.push({ code: result.code, bytes: await readFile(result.path, result.bytes) })
    }
    return files
  })
}
