import { Command, Option } from '@commander-js/extra-typings'
import { defaults } from '../download/settings.js'
import { parseSource, serverLabels } from '../sources/source.js'
import type { Context } from './context.js'
import { checked } from './option-values.js'

/** `flags show <codes...>` */
export function showCommand(context: Context) {
  return new Command('show')
    .summary('show flags in the terminal')
    .description('Show flags in the terminal, in its colours; elsewhere, their codes and names.')
    .argument('<codes...>', 'BR for one country, B for all from BA to BZ')
    .addOption(
      new Option('-s, --server <label or url>', `${serverLabels.join(', ')}, or a URL`)
        .env('FLAGS_SERVER')
        .default(defaults.server)
        .argParser(checked(parseSource)),
    )
    .addOption(
      new Option('-o, --output <dir>', 'folder to look in before the server is asked')
        .env('FLAGS_OUTPUT')
        .default(defaults.output),
    )
    .action(async (words, options) => {
      const [{ selectCodes }, { show }] = await Promise.all([
        import('../selection/select-codes.js'),
        import('../run/show.js'),
      ])
      context.exit(await show(selectCodes({ words }), options, context, context.signal))
    })
}
