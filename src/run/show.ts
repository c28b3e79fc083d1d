import { findCountry } from '../countries/country.js'
import { type FlagResult, isMissing } from '../download/result.js'
import type { Settings } from '../download/settings.js'
import { exitCode } from '../endings/exit-code.js'
import { decodeGif } from '../images/decode-gif.js'
import { plain } from '../report/colour.js'
import { resultLine } from '../report/lines.js'
import type { Output } from '../report/output.js'
import { spinWhile } from '../report/spin-while.js'
import type { Selection } from '../selection/select-codes.js'
import { colourDepthOf } from '../terminal/colour.js'
import { type Tile, tileText } from '../terminal/tiles.js'
import { type FlagFile, flagsFromServer, flagsInFolder } from './find-flags.js'

/**
 * Shows flags on stdout: pictures on a terminal that has the colours, else a code and a name a line.
 * They come from the output folder, and what it lacks from the server. Gives the exit status.
 */
export async function show(
  { codes, named }: Selection,
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
    if (isMissing(result, named)) await miss(resultLine(result, plain))
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
