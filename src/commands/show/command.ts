import { UsageError } from '../../errors.js'
import { type CommandContext, createCommand, writeNotes } from '../command.js'
import { excludeOption, outputOption, regionOption, serverOption } from '../options.js'

/** `flags show <words...>` */
export function showCommand(context: CommandContext) {
  return createCommand('show', context, {
    summary: 'show flags in the terminal',
    description: 'Show flags in the terminal; in a pipe, print their codes and names.',
    examples: [
      ['flags show BR Japan', 'two flags'],
      ['flags show --region Oceania', 'a continent'],
      ['flags show BR -s flagcdn', 'from a public server'],
    ],
    exitStatus: {
      ok: 'every flag was shown',
      failed: 'a flag was not found, failed, or is damaged',
      cannotRun: 'flags.json is invalid, or a temporary folder or the output cannot be written',
    },
  })
    .argument('[words...]', 'codes or names; B for BA to BZ; - to read stdin')
    .option('-a, --all', 'all ISO 3166-1 codes (249)')
    .addOption(regionOption())
    .addOption(excludeOption())
    .addOption(serverOption())
    .addOption(outputOption('folder to look in for GIFs and PNGs before asking the server'))
    .action(async (args, options) => {
      const [{ exclusionNotes, selectFromArgs }, { show }] = await Promise.all([
        import('../../selection/code-list.js'),
        import('./run.js'),
      ])
      if (args.length === 0 && !options.all && options.region === undefined) {
        throw new UsageError("no flags to show: give codes or names ('flags show BR Japan')")
      }
      const selection = await selectFromArgs(args, { ...options, keepOrder: true }, context)
      await writeNotes(exclusionNotes(selection.unusedExclusions), context)
      context.exit(await show(selection, options, context))
    })
}
