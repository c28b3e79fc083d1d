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
  settings: Settings,
  { stdout, stderr }: { stdout: Output; stderr: Output },
  isJson: boolean,
): Promise<void> {
  const { output, nameBy, format } = settings
  if (nameBy === 'country') {
    await stderr.write('note: the server has the names: the paths shown are by code\n')
  }
  const urlFor = plannedUrls(settings)
  for (const code of codes) {
    const url = urlFor(code)
    const path = join(output, fileNameOf({ code, format }, nameBy))
    const line = isJson ? toJsonLine({ type: 'plan', code, url, path }) : `${url}\t${path}`
    await stdout.write(`${line}\n`)
  }
}
