import { Command, CommanderError } from '@commander-js/extra-typings'
import type { CommandContext } from './commands/context.js'
import { readVariables } from './commands/options.js'
import { Interrupt, RunError, UsageError } from './errors.js'
import { exitCode, exitCodeFor } from './exit-codes.js'
import { packageVersion } from './package-info.js'
import { createOutput, type OutputStream } from './report/output.js'
import { escapeControls } from './report/sanitize.js'

/** What the program is given of the process it runs in. */
export interface ProgramIo {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: NodeJS.ProcessEnv
  /** Aborts, with an Interrupt as its reason, to interrupt the program. */
  readonly signal: AbortSignal
}

/** Each command's module, in the order of the help; loaded when a command line names the command. */
const commands = {
  download: async () => (await import('./commands/download/command.js')).downloadCommand,
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  list: async () => (await import('./commands/list.js')).listCommand,
  show: async () => (await import('./commands/show/command.js')).showCommand,
  gallery: async () => (await import('./commands/gallery/command.js')).galleryCommand,
  serve: async () => (await import('./commands/serve/command.js')).serveCommand,
  bench: async () => (await import('./commands/bench/command.js')).benchCommand,
  demo: async () => (await import('./commands/demo/command.js')).demoCommand,
  completion: async () => (await import('./commands/completion/command.js')).completionCommand,
}

/**
 * Runs a command line and resolves to its exit status; it never rejects.
 *
 * @param args the arguments after the program's name
 */
export async function main(args: readonly string[], io: ProgramIo): Promise<number> {
  const stderr = createOutput(io.stderr, io.env, io.signal, { ignoreWriteErrors: true })
  const stdout = createOutput(io.stdout, io.env, io.signal)
  let status: number = exitCode.ok
  const fail = async (error: unknown) => {
    const message = errorMessage(error, io.env)
    if (message) await stderr.write(`error: ${message}\n`)
    status = statusOf(error)
  }
  const context: CommandContext = {
    // A getter, because Node opens stdin when it is first read, and most runs do not.
    get stdin() {
      return io.stdin
    },
    env: usableEnvironment(io.env, args),
    stdout,
    stderr,
    signal: io.signal,
    exit(code) {
      status = code
    },
  }
  try {
    const program = await createProgram(args[0], context)
    // `flags` alone prints the help.
    await program.parseAsync(args.length > 0 ? args : ['--help'], { from: 'user' })
  } catch (error) {
    await fail(error)
  }
  await stdout.flush().catch(fail)
  return status
}

/** Declares the command that the first argument names, or all of them where it names none. */
async function createProgram(name: string | undefined, context: CommandContext) {
  const program = new Command('flags')
    .description('Downloads country flags, concurrently.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      // What cannot be written is reported when stdout is flushed.
      writeOut: (text) => void context.stdout.write(text).catch(() => {}),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: context.stdout.columns,
      getErrHelpWidth: context.stderr.columns,
      // commander repeats the bad value, and a URL may contain a password.
      outputError: (text, write) => write(text.replace(/:\/\/[^/\s']*@/g, '://***@')),
    })
    .showHelpAfterError('(run it with --help for what it takes)')
  if (name === '-V' || name === '--version') return program
  // A completion script describes every command.
  const needed =
    isCommand(name) && name !== 'completion' ? [commands[name]] : Object.values(commands)
  for (const load of needed) {
    const create = await load()
    const command = create(context).copyInheritedSettings(program)
    readVariables(command, context.env)
    program.addCommand(command)
  }
  return program
}

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name)
}

/**
 * The variables without those of options that are empty, as CI sets them, and without any of options
 * where the command line asks for help: a bad value must not stand in the way of it.
 */
function usableEnvironment(env: NodeJS.ProcessEnv, args: readonly string[]): NodeJS.ProcessEnv {
  const isHelp = args.some((argument) => argument === '--help' || argument === '-h')
  const isIgnored = (name: string) => name.startsWith('FLAGS_') && (isHelp || env[name] === '')
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isIgnored(name)))
}

/** The line that explains an error, or undefined where it is explained already. */
function errorMessage(error: unknown, env: NodeJS.ProcessEnv): string | undefined {
  if (error instanceof CommanderError || error instanceof Interrupt) return undefined
  if (error instanceof UsageError || error instanceof RunError) return escapeControls(error.message)
  const stack = (error instanceof Error && error.stack) || String(error)
  const shown = env.DEBUG ? stack : `${escapeControls(String(error))} (DEBUG=1 shows the stack)`
  return `unexpected error, please report it: ${shown}`
}

/** commander reports help and version as errors with its status 0, every usage error with 1. */
function statusOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return exitCodeFor(error)
  return error.exitCode === 0 ? exitCode.ok : exitCode.usage
}
