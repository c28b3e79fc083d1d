import { Command } from '@commander-js/extra-typings'
import { defaults } from '../download/settings.js'
import type { Context } from './context.js'
import { nonEmpty } from './option-values.js'

/** `flags verify [dir]` */
export function verifyCommand(context: Context) {
  return new Command('verify')
    .summary('check a folder of flags')
    .description('Hold a folder against its flags.json: every file there, whole, same SHA-256.')
    .argument('[dir]', 'the folder', nonEmpty, context.env.FLAGS_OUTPUT ?? defaults.output)
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .option('-q, --quiet', 'errors only')
    .action(async (folder, options) => {
      const { verify } = await import('../run/verify.js')
      context.exit(await verify(folder, options, context))
    })
}
