import { Command } from '@commander-js/extra-typings'
import type { Context } from './context.js'
import { outputOption, serverOption } from './setting-options.js'

/** `flags show <codes...>` */
export function showCommand(context: Context) {
  return new Command('show')
    .summary('show flags in the terminal')
    .description('Show flags in the terminal, in its colours; elsewhere, their codes and names.')
    .argument('<codes...>', 'BR for one country, B for all from BA to BZ')
    .addOption(serverOption())
    .addOption(outputOption('folder to look in before the server is asked'))
    .action(async (words, options) => {
      const [{ selectCodes }, { show }] = await Promise.all([
        import('../selection/select-codes.js'),
        import('../run/show.js'),
      ])
      context.exit(await show(selectCodes({ words }), options, context, context.signal))
    })
}
