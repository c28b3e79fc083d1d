import { Command } from '@commander-js/extra-typings'
import { defaults } from '../download/settings.js'
import { exitCode } from '../exit-codes.js'
import type { Output } from '../report/output.js'
import { escapeControls, toJsonLine } from '../report/sanitize.js'
import type { CommandContext } from './context.js'
import { nonEmpty } from './options.js'

/** `flags verify [dir]` */
export function verifyCommand(context: CommandContext) {
  return new Command('verify')
    .summary('check a folder of flags')
    .description('Hold a folder against its flags.json: every file there, whole, same SHA-256.')
    .argument('[dir]', 'the folder', nonEmpty, context.env.FLAGS_OUTPUT ?? defaults.output)
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .option('-q, --quiet', 'errors only')
    .action(async (folder, options) => {
      context.exit(await verify(folder, options, context))
    })
}

/** Says what is wrong with a folder, and then how it stands; gives the exit status. */
async function verify(
  folder: string,
  { json, quiet }: { json?: true | undefined; quiet?: true | undefined },
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const { verifyFolder } = await import('../store/verify-folder.js')
  let whole = 0
  let total = 0
  for await (const verified of verifyFolder(folder)) {
    const { code, format, path, status, message } = verified
    total += 1
    if (status === 'whole') whole += 1
    else await stderr.write(`${code} ${status}: ${escapeControls(path)}: ${message}\n`)
    if (json)
      await stdout.write(`${toJsonLine({ type: 'file', code, format, path, finding: status })}\n`)
  }
  const status = whole === total ? exitCode.ok : exitCode.flagsMissing
  if (!quiet) {
    await stderr.write(`${whole} of ${total} flags whole in ${escapeControls(folder)}\n`)
  }
  if (json)
    await stdout.write(`${toJsonLine({ type: 'summary', total, whole, exitCode: status })}\n`)
  return status
}
