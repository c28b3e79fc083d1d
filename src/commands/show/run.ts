import { findCountry } from '../../countries.js'
import { countsAsFailure, type FlagResult } from '../../download/result.js'
import type { Settings } from '../../download/settings.js'
import { exitCode } from '../../exit-codes.js'
import { decodeGif } from '../../images/decode-gif.js'
import { noColors, resultLine } from '../../report/format.js'
import type { Output } from '../../report/output.js'
import { spinWhile } from '../../report/spinner.js'
import type { Selection } from '../../selection/select-codes.js'
import { colourDepthOf } from './ansi-palette.js'
import { type FlagFile, flagsFromServer, flagsInFolder } from './find-flags.js'
import { type Tile, tileText } from './tiles.js'

/**
 * Shows flags on stdout: pictures on a terminal that has the colours, else a code and a name a line.
 * They come from the output folder, and what it lacks from the server. Gives the exit status.
 */
export async function show(
  { codes, explicitCodes }: Selection,
  { server, output }: Pick<Settings, 'server' | 'output'>,
  { stdout, stderr }: { stdout: Output; stderr: Output },
  signal: AbortSignal,
): Promise<number> {
  let status: number = exitCode.ok
  const miss = async (line: string) => {
    status = exitCode.flagsMissing
    await stderr.write(`${line}\n`)
  }

  const local = await flagsInFolder(codes, output)
  const here = new Set(local.map(({ code }) => code))
  const missed: FlagResult[] = []
  const fetching = flagsFromServer(
    codes.filter((code) => !here.has(code)),
    { server, signal },
    (result) => missed.push(result),
  )
  const fetched = await spinWhile(fetching, 'asking the server', stderr)
  for (const result of missed) {
    if (countsAsFailure(result, explicitCodes)) await miss(resultLine(result, noColors))
  }

  const tiles: Tile[] = []
  for (const file of [...local, ...fetched].sort(byCode)) {
    const pixels = decodeGif(file.bytes)
    if (!pixels) await miss(`${file.code} cannot be shown: its file is not a whole GIF image`)
    else tiles.push({ pixels, code: file.code, name: findCountry(file.code)?.name ?? '' })
  }
  await stdout.write(textOf(tiles, stdout))
  return status
}

function byCode(a: FlagFile, b: FlagFile): number {
  return a.code < b.code ? -1 : 1
}

function textOf(tiles: readonly Tile[], { stream, columns }: Output): string {
  const depth = colourDepthOf(stream)
  if (depth === 'none') return tiles.map(({ code, name }) => `${code}\t${name}\n`).join('')
  // A terminal that does not know its size says 0.
  return tileText(tiles, { columns: columns(), rows: stream.rows || 24 }, depth)
}
