import { defaults } from '../download/settings.js'
import { exitCode } from '../exit-codes.js'
import { escapeControls, toJsonLine } from '../report/output.js'
import { type CommandContext, createCommand, folderVariable } from './command.js'
import { nonEmpty } from './options.js'

/** `flags verify [dir]` */
export function verifyCommand(context: CommandContext) {
  return createCommand('verify', context, {
    summary: 'check the flags in a folder',
    description: 'Check that every file recorded in flags.json exists and matches its SHA-256.',
    examples: [
      ['flags verify', 'downloaded/'],
      ['flags verify flags --json | jq .', 'flags/, as JSON Lines for jq'],
    ],
    environment: folderVariable,
    exitStatus: {
      ok: 'every file is intact',
      failed: 'a file is missing or changed',
      cannotRun: 'the folder has no valid flags.json, or cannot be read',
    },
  })
    .argument('[dir]', 'folder of flags', nonEmpty, defaults.output)
    .option('--json', 'print JSON Lines to stdout, ending with a summary')
    .option('-q, --quiet', 'print errors only')
    .action(async (folder, options) => {
      context.exit(await verify(folder, options, context))
    })
}

/** Prints each file that is missing or changed, then a summary; returns the exit status. */
async function verify(
  folder: string,
  { json, quiet }: { json?: true | undefined; quiet?: true | undefined },
  { stdout, stderr, signal }: Pick<CommandContext, 'stdout' | 'stderr' | 'signal'>,
): Promise<number> {
  const { verifyFolder } = await import('../store/verify-folder.js')
  let whole = 0
  let total = 0
  for await (const verified of verifyFolder(folder, signal)) {
    const { code, format, path, status, message } = verified
    total += 1
    if (status === 'whole') whole += 1
    else {
      const reason = message && `: ${message}`
      await stderr.write(`${code} ${status}: ${escapeControls(path)}${reason}\n`)
    }
    if (json)
      await stdout.write(`${toJsonLine({ type: 'file', code, format, path, finding: status })}\n`)
  }
  const status = whole === total ? exitCode.ok : exitCode.flagsMissing
  if (!quiet) {
    await stderr.write(`${whole} of ${total} flags intact in ${escapeControls(folder)}\n`)
  }
  if (json)
    await stdout.write(`${toJsonLine({ type: 'summary', total, whole, exitCode: status })}\n`)
  return status
}
