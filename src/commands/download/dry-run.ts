import { join } from 'node:path'
import { fileNameOf } from '../../download/file-naming.js'
import type { Settings } from '../../download/settings.js'
import type { Output } from '../../report/output.js'
import { toJsonLine } from '../../report/sanitize.js'
import type { Selection } from '../../selection/select-codes.js'
import { plannedUrls } from '../../sources/open-source.js'

/** Prints the URL and the path of each flag of a selection; opens no socket and writes no file. */
export async function printPlan(
  { codes }: Selection,
  { server, output, nameBy }: Pick<Settings, 'server' | 'output' | 'nameBy'>,
  { stdout, stderr }: { stdout: Output; stderr: Output },
  isJson: boolean,
): Promise<void> {
  if (nameBy === 'country') {
    await stderr.write('note: names are asked of the server: the paths shown are by code\n')
  }
  const urlFor = plannedUrls(server)
  for (const code of codes) {
    const url = urlFor(code).href
    const path = join(output, fileNameOf(code))
    const line = isJson ? toJsonLine({ type: 'plan', code, url, path }) : `${url}\t${path}`
    await stdout.write(`${line}\n`)
  }
}
