import type { Output } from '../report/output.js'
import { printable } from '../report/printable.js'
import { openFile } from './open-file.js'
import { writeGallery } from './write-gallery.js'

/** Writes the gallery of a folder, prints the page's path, and opens it where that is asked for. */
export async function gallery(
  folder: string,
  isToOpen: boolean,
  { stdout, stderr }: { stdout: Output; stderr: Output },
  signal: AbortSignal,
): Promise<void> {
  const path = await writeGallery(folder)
  await stdout.write(`${path}\n`)
  const problem = isToOpen ? await openFile(path, signal) : undefined
  if (problem) await stderr.write(`note: cannot open ${printable(path)}: ${printable(problem)}\n`)
}
