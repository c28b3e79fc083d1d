import { Command } from '@commander-js/extra-typings'
import type { CommandContext } from '../context.js'
import { outputOption, serverOption } from '../options.js'

/** `flags show <codes...>` */
export function showCommand(context: CommandContext) {
  return new Command('show')
    .summary('show flags in the terminal')
    .description('Show flags in the terminal, in its colours; elsewhere, their codes and names.')
    .argument('<codes...>', 'BR for one country, B for all from BA to BZ')
    .addOption(serverOption())
    .addOption(outputOption('folder to look in before the server is asked'))
    .action(async (args, options) => {
      const [{ selectCodes }, { show }] = await Promise.all([
        import('../../selection/select-codes.js'),
        import('./run.js'),
      ])
      context.exit(await show(selectCodes({ args }), options, context, context.signal))
    })
}
