import { Command } from '@commander-js/extra-typings'
import { defaults } from '../../download/settings.js'
import type { Output } from '../../report/output.js'
import { escapeControls } from '../../report/sanitize.js'
import type { CommandContext } from '../context.js'
import { nonEmpty } from '../options.js'
import { openFile } from './open-in-browser.js'
import { writeGallery } from './write-gallery.js'

/** `flags gallery [dir]` */
export function galleryCommand(context: CommandContext) {
  return new Command('gallery')
    .summary('make a page of the flags in a folder')
    .description(
      'Write index.html into a folder that flags were saved to: a page to look at them, by continent.',
    )
    .argument(
      '[dir]',
      'folder that flags were saved to',
      nonEmpty,
      context.env.FLAGS_OUTPUT ?? defaults.output,
    )
    .option('--open', 'open the page in the browser')
    .action(async (folder, { open }) => {
      const { gallery } = await import('./command.js')
      await gallery(folder, open === true, context, context.signal)
    })
}

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
  if (problem)
    await stderr.write(`note: cannot open ${escapeControls(path)}: ${escapeControls(problem)}\n`)
}
