#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings'
import type { Context } from './commands/context.js'
import { exitCode } from './endings/exit-code.js'
import { exitCodeFor } from './endings/exit-code-for.js'
import { Interrupt, interruptSignals } from './endings/interrupt.js'
import { RunError } from './endings/run-error.js'
import { UsageError } from './endings/usage-error.js'
import { createOutput } from './report/output.js'
import { printable } from './report/printable.js'
import { packageVersion } from './version.js'

/** How long a reader may still take after a run that was told to end. */
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
  stderr: createOutput(process.stderr, process.env, stopping.signal, { isLossy: true }),
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

const signalNames = Object.keys(interruptSignals) as (keyof typeof interruptSignals)[]
for (const name of signalNames) process.on(name, () => stop(name))

// Where the program waits for what never comes, Node would end as if all were well.
process.once('exit', () => {
  process.exitCode ??= exitCode.cannotRun
})

void main()

async function main() {
  try {
    // Alone, `flags` says what it can do.
    const [, , ...words] = process.argv
    forgetVariables(words.some((word) => word === '--help' || word === '-h'))
    const flags = await program(words[0])
    await flags.parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' })
  } catch (error) {
    await endWith(error)
  }
  await context.stdout.flush().catch(endWith)
  process.exitCode = status
  // The run has ended; what may still hold the process is a reader that does not read, or a read without end.
  const { reason } = stopping.signal
  if (reason instanceof Interrupt) setTimeout(() => die(reason.signal), graceMs).unref()
}

/**
 * An option's variable that is empty counts as not set, as CI has them; and what is wrong with one must
 * not keep anybody from the help.
 */
function forgetVariables(isHelp: boolean): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('FLAGS_') && (isHelp || process.env[name] === '')) delete process.env[name]
  }
}

/** The program, with the command that the first word names; with all of them where it names none. */
async function program(word = '') {
  const flags = new Command('flags')
    .description('Downloads country flags, concurrently.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    // commander repeats the bad value, and there may be a password in a URL.
    .configureOutput({
      outputError: (text, write) => write(text.replace(/:\/\/[^/\s']*@/g, '://***@')),
    })
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
  if (stopping.signal.aborted) die(name)
  stopping.abort(new Interrupt(name))
}

/**
 * Ends the process at once. process.exit() waits for the thread pool, and a read that never ends (a
 * named pipe, a file server that is gone) would hold it there: then the signal itself ends it.
 */
function die(name: keyof typeof interruptSignals): void {
  const isReading = process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))
  if (!isReading) process.exit(interruptSignals[name])
  // What is drawn on the terminal is tidied up by those that drew it.
  process.emit('exit', interruptSignals[name])
  process.removeAllListeners(name)
  process.kill(process.pid, name)
}

async function endWith(error: unknown): Promise<void> {
  await explain(error)
  status = exitCodeOf(error)
}

/** Says what ended the program, where that was not said yet. */
async function explain(error: unknown): Promise<void> {
  if (error instanceof CommanderError || error instanceof Interrupt) return
  if (error instanceof UsageError || error instanceof RunError) {
    await context.stderr.write(`error: ${printable(error.message)}\n`)
    return
  }
  const trace = (error instanceof Error && error.stack) || String(error)
  const shown = process.env.DEBUG ? trace : `${printable(String(error))} (DEBUG=1 shows where)`
  await context.stderr.write(`error: a fault of this program, please report it: ${shown}\n`)
}

/** The exit status that an error means; commander's own 0 is for help and version. */
function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return exitCodeFor(error)
  return error.exitCode === 0 ? exitCode.ok : exitCode.usage
}
