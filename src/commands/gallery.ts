import { Command } from '@commander-js/extra-typings'
import { defaults } from '../download/settings.js'
import type { Context } from './context.js'
import { nonEmpty } from './option-values.js'

/** `flags gallery [dir]` */
export function galleryCommand(context: Context) {
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
      const { gallery } = await import('../run/gallery.js')
      await gallery(folder, open === true, context, context.signal)
    })
}
