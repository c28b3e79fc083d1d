#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings'
import type { Context } from './commands/context.js'
import { exitCode } from './endings/exit-code.js'
import { Interrupt, interruptSignals } from './endings/interrupt.js'
import { RunError } from './endings/run-error.js'
import { UsageError } from './endings/usage-error.js'
import { createOutput } from './report/output.js'
import { printable } from './report/printable.js'
import { packageVersion } from './version.js'

/** How long the program may take to end when it is told to. */
const graceMs = 800

const stopping = new AbortController()
let status: number = exitCode.ok
const context: Context = {
  // Made only when asked for: most runs read nothing.
  get stdin() {
    return process.stdin
  },
  env: process.env,
  stdout: createOutput(process.stdout, process.env, stopping.signal),
  stderr: createOutput(process.stderr, process.env, stopping.signal),
  signal: stopping.signal,
  exit(code) {
    status = code
  },
}

/** In the order of the help. To declare a command takes time, so it is done where that one is needed. */
const commands = {
  download: async () => (await import('./commands/download.js')).downloadCommand(context),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(context),
  list: async () => (await import('./commands/list.js')).listCommand(context),
  show: async () => (await import('./commands/show.js')).showCommand(context),
  gallery: async () => (await import('./commands/gallery.js')).galleryCommand(context),
  serve: async () => (await import('./commands/serve.js')).serveCommand(context),
  bench: async () => (await import('./commands/bench.js')).benchCommand(context),
  demo: async () => (await import('./commands/demo.js')).demoCommand(context),
  completion: async () => (await import('./commands/completion.js')).completionCommand(context),
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop(name))

// Where the program waits for what never comes, Node would end as if all were well.
process.once('exit', () => {
  process.exitCode ??= exitCode.cannotRun
})

void main()

async function main() {
  try {
    // Alone, `flags` says what it can do.
    const [, , ...words] = process.argv
    const flags = await program(words[0])
    await flags.parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' })
  } catch (error) {
    status = await exitCodeFor(error)
  }
  process.exitCode = status
}

/** The program, with the command that the first word names; with all of them where it names none. */
async function program(word = '') {
  const flags = new Command('flags')
    .description('Downloads country flags, concurrently.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(run it with --help for what it takes)')
  if (word === '-V' || word === '--version') return flags
  // A script that completes the command line has to know all of it.
  const isOne = isCommand(word) && word !== 'completion'
  const needed = isOne ? [commands[word]] : Object.values(commands)
  for (const load of needed) flags.addCommand((await load()).copyInheritedSettings(flags))
  return flags
}

function isCommand(word: string): word is keyof typeof commands {
  return Object.hasOwn(commands, word)
}

/** The first signal asks the run to end; the second ends the process. */
function stop(name: keyof typeof interruptSignals): void {
  if (stopping.signal.aborted) {
    // A bar that is still there has the cursor hidden.
    if (context.stderr.isAnimated) process.stderr.write('\u001b[?25h\n')
    process.exit(interruptSignals[name])
  }
  stopping.abort(new Interrupt(name))
  // Not for the run, which ends by itself, but for a reader of its output that does not read.
  setTimeout(() => process.exit(interruptSignals[name]), graceMs).unref()
}

/** Says what ended the program, where that was not said yet, and gives its exit status. */
async function exitCodeFor(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  if (error instanceof Interrupt) return error.exitCode
  if (error instanceof UsageError || error instanceof RunError) {
    await context.stderr.write(`error: ${printable(error.message)}\n`)
    return error instanceof UsageError ? exitCode.usage : exitCode.cannotRun
  }
  const trace = (error instanceof Error && error.stack) || String(error)
  const shown = process.env.DEBUG ? trace : `${error} (DEBUG=1 shows where)`
  await context.stderr.write(`error: a fault of this program, please report it: ${shown}\n`)
  return exitCode.cannotRun
}
