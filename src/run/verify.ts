import { exitCode } from '../endings/exit-code.js'
import type { Output } from '../report/output.js'
import { printable, printableJson } from '../report/printable.js'
import { verifyFolder } from '../store/verify-folder.js'

/** Says what is wrong with a folder, and then how it stands; gives the exit status. */
export async function verify(
  folder: string,
  { json, quiet }: { json?: true | undefined; quiet?: true | undefined },
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  let whole = 0
  let total = 0
  for await (const verified of verifyFolder(folder)) {
    const { code, path, finding, message } = verified
    total += 1
    if (finding === 'whole') whole += 1
    else await stderr.write(`${code} ${finding}: ${printable(path)}: ${message}\n`)
    if (json) await stdout.write(`${printableJson({ type: 'file', code, path, finding })}\n`)
  }
  const status = whole === total ? exitCode.ok : exitCode.flagsMissing
  if (!quiet) {
    await stderr.write(`${whole} of ${total} flags whole in ${printable(folder)}\n`)
  }
  if (json)
    await stdout.write(`${printableJson({ type: 'summary', total, whole, exitCode: status })}\n`)
  return status
}
