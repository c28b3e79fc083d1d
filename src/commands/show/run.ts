import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { DownloadEvents } from '../../download/download-context.js'
import { downloadFrom } from '../../download/download-flags.js'
import { resolveSettings } from '../../download/resolve-settings.js'
import { countsAsFailure, type FlagResult } from '../../download/result.js'
import { defaults } from '../../download/settings.js'
import { exitCode } from '../../exit-codes.js'
import { decodableFormats } from '../../images/decode.js'
import { maxPixels } from '../../images/format.js'
import { imageChecker } from '../../images/image.js'
import { clockMs } from '../../node.js'
import { noColors, resultLine } from '../../report/format.js'
import { escapeControls } from '../../report/output.js'
import { createActivity, spinWhile } from '../../report/waiting.js'
import type { Selection } from '../../selection/select-codes.js'
import { openSource } from '../../sources/open-source.js'
import type { Source } from '../../sources/source.js'
import { readRegularFile } from '../../store/atomic-write.js'
import { fileNameOf } from '../../store/file-names.js'
import { withTempFolder } from '../../store/folder.js'
import { manifestKey } from '../../store/manifest.js'
import { optionalManifest } from '../../store/manifest-file.js'
import type { CommandContext } from '../command.js'
import { colorDepthOf } from './half-blocks.js'
import { type FlagFile, imageProtocolOf, imageText, type Tile, tileOf, tileText } from './tiles.js'

/**
 * Shows flags from the output folder, or else from the server, in the order of the selection: as pictures
 * where the terminal can, else by code and name. Resolves to the exit status.
 */
export async function show(
  { codes, explicitCodes }: Selection,
  { server, output }: { readonly server: Source; readonly output: string },
  context: CommandContext,
): Promise<number> {
  const { stdout, stderr, signal } = context
  const local = await flagsInFolder(codes, output)
  const here = new Set(local.map(({ code }) => code))
  const absent = codes.filter((code) => !here.has(code))
  const missing: FlagResult[] = []
  const wait = createWait(absent)
  const onResult = (result: FlagResult) => {
    wait.ended(result)
    if (result.status !== 'saved') missing.push(result)
  }
  const fetching = fetchFlags(absent, server, { events: wait.events, onResult }, context)
  const fetched = await spinWhile(fetching, wait.text, stderr)

  const problems = missing
    .filter((result) => countsAsFailure(result, explicitCodes))
    .map((result) => resultLine(result, noColors))
  const files = new Map([...local, ...fetched].map((file) => [file.code, file]))
  const tiles: Tile[] = []
  for (const file of codes.flatMap((code) => files.get(code) ?? [])) {
    // A large image takes long to decode: signals are handled between images.
    await setImmediate()
    signal.throwIfAborted()
    const tile = await tileOf(file)
    if (tile) tiles.push(tile)
    else problems.push(`${file.code} cannot be shown: ${await problemWith(file)}`)
  }
  for (const problem of problems) await stderr.write(`${problem}\n`)
  await stdout.write(textOf(tiles, context))
  return problems.length > 0 ? exitCode.flagsMissing : exitCode.ok
}

/** Why an image has no tile. */
async function problemWith({ format, location, bytes }: FlagFile): Promise<string> {
  const check = await (await imageChecker(format))(bytes)
  const isTooLarge = check.isComplete && check.width * check.height > maxPixels
  const limit = `${maxPixels / 1_000_000} million`
  const problem = isTooLarge ? `has more than ${limit} pixels` : 'is damaged'
  return `${escapeControls(location)} ${problem}`
}

/** Follows the flags requested from a server: `BR, 12 s: retrying 1 (2 of 4)`. */
export function createWait(codes: readonly string[]) {
  const startedAt = clockMs()
  const open = new Set(codes)
  const { attemptStarted, attemptEnded, ...activity } = createActivity(startedAt)
  const events: DownloadEvents = {
    onAttemptStart: attemptStarted,
    onAttemptEnd: attemptEnded,
    onHostPause: (pause) => activity.hostPaused(pause, clockMs()),
  }
  return {
    events,
    ended({ code }: FlagResult): void {
      open.delete(code)
      activity.flagEnded(clockMs())
    },
    text(): string {
      const now = clockMs()
      const [first, ...others] = open
      // Every flag has its result, and the connections are being closed.
      if (first === undefined) return 'finishing'
      const flags = others.length > 0 ? `${first} and ${others.length} more` : first
      const wait = activity.waitingFor(now)
      const seconds = Math.floor((now - startedAt) / 1000)
      return `${flags}, ${seconds} s: ${wait?.short ?? 'requesting'}`
    },
  }
}

/** Downloads flags to a temporary folder. Throws RunError if that cannot be created. */
async function fetchFlags(
  codes: readonly string[],
  server: Source,
  { events, onResult }: { events: DownloadEvents; onResult: (result: FlagResult) => void },
  { env, signal }: CommandContext,
): Promise<FlagFile[]> {
  // Without codes, no server is started and no folder created.
  if (codes.length === 0) return []
  const format = decodableFormats.find((candidate) => server.formats.includes(candidate)) ?? 'gif'
  // Throws a UsageError if the server has neither, with servers that do.
  const settings = resolveSettings({ server, format })
  return withTempFolder(async (output) => {
    const source = await openSource(settings, env)
    const run = { source, settings: { ...settings, output }, signal, events }
    const files: FlagFile[] = []
    try {
      for await (const result of downloadFrom(codes, run)) {
        onResult(result)
        if (result.status !== 'saved') continue
        const { code, url: location, path, bytes } = result
        files.push({ code, format, location, bytes: await readRegularFile(path, bytes) })
      }
    } finally {
      await source.close()
    }
    return files
  })
}

function textOf(tiles: readonly Tile[], { stdout, env, hasColor }: CommandContext): string {
  const { stream, columns, isTerminal } = stdout
  const depth = hasColor(stdout) ? colorDepthOf(stream, env) : undefined
  const protocol = isTerminal && depth ? imageProtocolOf(env) : undefined
  // A terminal of unknown size reports 0.
  const size = { columns: columns(), rows: stream.rows || 24 }
  if (protocol) return imageText(tiles, size, protocol)
  if (depth) return tileText(tiles, size, depth)
  return tiles.map(({ code, name }) => `${code}\t${name}\n`).join('')
}

/** Reads flags by their record or the usual name. Throws RunError if the manifest cannot be used. */
async function flagsInFolder(codes: readonly string[], folder: string): Promise<FlagFile[]> {
  const manifest = await optionalManifest(folder)
  const found = new Map<string, FlagFile>()
  for (const format of decodableFormats) {
    for (const code of codes.filter((candidate) => !found.has(candidate))) {
      const key = { code, format }
      const path = join(folder, manifest?.get(manifestKey(key))?.file ?? fileNameOf(key))
      const bytes = await readRegularFile(path, defaults.maxBytes).catch(() => undefined)
      if (bytes) found.set(code, { code, format, location: path, bytes })
    }
  }
  return [...found.values()]
}
