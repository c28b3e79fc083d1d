import { Command } from '@commander-js/extra-typings'
import { defaults } from '../../download/settings.js'
import { escapeControls } from '../../report/sanitize.js'
import type { CommandContext } from '../context.js'
import { type CommandHelp, exitStatuses, withHelp } from '../help.js'
import { nonEmpty } from '../options.js'

/** `flags gallery [dir]` */
export function galleryCommand(context: CommandContext) {
  const { env, stdout, stderr, signal } = context
  const help = {
    summary: 'make a page of the flags in a folder',
    description:
      'Write a page of the downloaded flags, by continent, to index.html in their folder.',
    examples: [
      ['flags gallery', 'of the folder downloaded'],
      ['flags gallery flags --open', 'of another one, and open it'],
    ],
    exitStatus: exitStatuses({
      ok: 'the page was written',
      cannotRun: 'the folder has no valid flags.json, or cannot be written to',
    }),
  } satisfies CommandHelp
  return withHelp(new Command('gallery'), context, help)
    .argument('[dir]', 'folder of flags', nonEmpty, env.FLAGS_OUTPUT ?? defaults.output)
    .option('--open', 'open the page in the browser')
    .action(async (folder, { open }) => {
      const { writeGallery } = await import('./write-gallery.js')
      const path = await writeGallery(folder, signal)
      await stdout.write(`${path}\n`)
      if (!open) return
      const { openInBrowser } = await import('./open-in-browser.js')
      const problem = await openInBrowser(path, env, signal)
      if (problem)
        await stderr.write(`note: cannot open ${escapeControls(`${path}: ${problem}`)}\n`)
    })
}
