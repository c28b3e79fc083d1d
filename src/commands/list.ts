import { Command } from '@commander-js/extra-typings'
import type { Context } from './context.js'

/** `flags list` */
export function listCommand(context: Context) {
  return new Command('list')
    .summary('list the known codes')
    .description('List the codes of ISO 3166-1 with the names of their countries.')
    .option('--region <continent>', 'only the countries of this continent, in any case')
    .option('--json', 'one JSON object a line')
    .action(async (options) => {
      const { list } = await import('../run/list.js')
      await list(options, context.stdout)
    })
}
