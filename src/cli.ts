#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings'
import type { Context } from './commands/context.js'
import { downloadCommand } from './commands/download.js'
import { galleryCommand } from './commands/gallery.js'
import { serveCommand } from './commands/serve.js'
import { showCommand } from './commands/show.js'
import { exitCode } from './endings/exit-code.js'
import { Interrupt, interruptSignals } from './endings/interrupt.js'
import { RunError } from './endings/run-error.js'
import { UsageError } from './endings/usage-error.js'
import { createOutput } from './report/output.js'
import { printable } from './report/printable.js'
import { packageVersion } from './version.js'

const stopping = new AbortController()
const context: Context = {
  stdout: createOutput(process.stdout),
  stderr: createOutput(process.stderr),
  signal: stopping.signal,
  exit(code) {
    process.exitCode = code
  },
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop(name))

try {
  // Alone, `flags` says what it can do.
  const [, , ...words] = process.argv
  await program().parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' })
} catch (error) {
  process.exitCode = await exitCodeFor(error)
}

function program() {
  const flags = new Command('flags')
    .description('Downloads country flags, concurrently.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(run it with --help for what it takes)')
  for (const command of [
    downloadCommand(context),
    showCommand(context),
    galleryCommand(context),
    serveCommand(context),
  ]) {
    flags.addCommand(command.copyInheritedSettings(flags))
  }
  return flags
}

/** The first signal asks the run to end; the second ends the process. */
function stop(name: keyof typeof interruptSignals): void {
  if (stopping.signal.aborted) process.exit(interruptSignals[name])
  stopping.abort(new Interrupt(name))
}

/** Says what ended the program, where that was not said yet, and gives its exit status. */
async function exitCodeFor(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  if (error instanceof Interrupt) return error.exitCode
  if (error instanceof UsageError || error instanceof RunError) {
    await context.stderr.write(`error: ${printable(error.message)}\n`)
    return error instanceof UsageError ? exitCode.usage : exitCode.cannotRun
  }
  const trace = error instanceof Error ? error.stack : String(error)
  await context.stderr.write(`error: a fault of this program, please report it:\n${trace}\n`)
  return exitCode.cannotRun
}
