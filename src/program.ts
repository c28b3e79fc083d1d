import { Command, CommanderError } from '@commander-js/extra-typings'
import {
  addCommonOptions,
  type CommandContext,
  minTextWidth,
  readVariables,
  usableEnvironment,
} from './commands/command.js'
import { Interrupt, isErrno, RunError, shellQuoted, shortened, UsageError } from './errors.js'
import { exitCode, exitCodeFor } from './exit-codes.js'
import { withoutPassword } from './http/failure.js'
import { packageVersion } from './package-info.js'
import {
  type ColorMode,
  createOutput,
  escapeControls,
  hasColor,
  type Output,
  type OutputStream,
} from './report/output.js'

/** What the program gets from its process. */
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
  servers: async () => (await import('./commands/list.js')).serversCommand,
  show: async () => (await import('./commands/show/command.js')).showCommand,
  gallery: async () => (await import('./commands/gallery.js')).galleryCommand,
  serve: async () => (await import('./commands/serve/command.js')).serveCommand,
  bench: async () => (await import('./commands/bench/command.js')).benchCommand,
  demo: async () => (await import('./commands/demo/command.js')).demoCommand,
  completion: async () => (await import('./commands/completion/command.js')).completionCommand,
}

/**
 * Runs a command line and resolves to its exit status; it never rejects. An interrupted run ends with
 * the status of its signal.
 *
 * @param args the arguments after the program's name
 */
export async function main(args: readonly string[], io: ProgramIo): Promise<number> {
  const context = createContext(args, io)
  const { stdout, stderr, signal } = context
  let reported: string | undefined
  const fail = async (error: unknown) => {
    const message = errorMessage(error, context.debug)
    // A write to stdout that failed is reported again when it is flushed.
    if (message && message !== reported) await stderr.write(`error: ${message}\n`)
    reported = message
    context.exit(statusOf(error))
  }
  try {
    // Without a known command, `help` is left out: commander would print the help for `flags help foo`.
    const line = args[0] === 'help' && !isCommand(args[1]) ? args.slice(1) : args
    const program = await createProgram(line[0], context)
    // `flags` alone prints the help.
    await program.parseAsync(line.length > 0 ? line : ['--help'], { from: 'user' })
  } catch (error) {
    await fail(error)
  }
  await stdout.flush().catch(fail)
  // Also if the signal came while only output was pending.
  if (signal.aborted && !endsServe(args[0], signal)) context.exit(exitCodeFor(signal.reason))
  return context.status
}

/** The program with every command declared, for the man page. */
export function declareProgram(io: ProgramIo) {
  return createProgram(undefined, createContext([], io))
}

/** `serve` runs until SIGINT or SIGTERM ends it: that is not a failure. */
function endsServe(command: string | undefined, { reason }: AbortSignal): boolean {
  return command === 'serve' && !(reason instanceof Interrupt && reason.signal === 'SIGHUP')
}

/** What a command sees, with the state that it leaves behind. */
interface MainContext extends CommandContext {
  status: number
  debug: boolean
  color: ColorMode
}

function createContext(args: readonly string[], io: ProgramIo): MainContext {
  const context: MainContext = {
    // A getter, because Node opens stdin when it is first read, and most runs do not.
    get stdin() {
      return io.stdin
    },
    env: usableEnvironment(io.env, args),
    stdout: createOutput(io.stdout, io.env, io.signal),
    stderr: createOutput(io.stderr, io.env, io.signal, { ignoreWriteErrors: true }),
    signal: io.signal,
    status: exitCode.ok,
    debug: /\bflags\b|^(1|true|\*)$/.test(io.env.DEBUG ?? ''),
    color: 'auto',
    hasColor: ({ isTerminal }: Output) => hasColor(context.color, isTerminal, io.env),
    exit(status) {
      context.status = status
    },
  }
  return context
}

/** Declares the command that the first argument names, or all of them if it names none. */
async function createProgram(name: string | undefined, context: MainContext) {
  const program = new Command('flags')
    .description('Download country flags in parallel.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // Wraps the texts of options also in a terminal of 40 columns.
    .configureHelp({ minWidthToWrap: minTextWidth })
    .configureOutput({
      // Write errors are reported when stdout is flushed.
      writeOut: (text) => void context.stdout.write(text).catch(() => {}),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: context.stdout.columns,
      getErrHelpWidth: context.stderr.columns,
      outputError: (text, write) => write(withSafeValue(text)),
    })
    .showHelpAfterError('(run with --help for the arguments and options)')
    .hook('preAction', (_program, command) => {
      const { debug, color } = command.opts() as { debug?: true; color: ColorMode }
      context.debug ||= debug === true
      context.color = color
    })
  if (name === '-V' || name === '--version') return program
  const meant = await meantBy(name)
  if (meant) throw new UsageError(`unknown command '${name}': did you mean '${meant}'?`)
  // A completion script describes every command.
  const needed =
    isCommand(name) && name !== 'completion' ? [commands[name]] : Object.values(commands)
  for (const load of needed) {
    const create = await load()
    const command = create(context).copyInheritedSettings(program)
    addCommonOptions(command)
    readVariables(command, context.env)
    program.addCommand(command)
  }
  return program
}

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name)
}

/**
 * commander shows the value that it refused, which may be long, or a URL with a password. It calls an
 * argument's value `command-argument value`.
 */
function withSafeValue(text: string): string {
  const safe = text
    .replace(/^error: command-argument /, 'error: ')
    .replace(
      /((?:argument|value) ')(.*)(?=' (?:is invalid|from env))/s,
      (_match, start: string, value: string) => start + shortened(withoutPassword(value)),
    )
  return safe.split('\n').map(escapeControls).join('\n')
}

/** The command line meant by a word that is not a command: a flag, or `version`. */
async function meantBy(name: string | undefined): Promise<string | undefined> {
  if (name === undefined || name === 'help' || name.startsWith('-')) return undefined
  if (isCommand(name)) return undefined
  if (name === 'version') return 'flags --version'
  const { isKnown } = await import('./selection/select-codes.js')
  const isFlag = /^[a-z]$/i.test(name) || isKnown(name)
  return isFlag ? `flags download ${shellQuoted(name)}` : undefined
}

/** The line that reports an error, or undefined if it is reported already. */
function errorMessage(error: unknown, debug: boolean): string | undefined {
  if (error instanceof CommanderError || error instanceof Interrupt) return undefined
  if (isErrno(error, 'EMFILE', 'ENFILE')) return 'too many open files; raise the limit (ulimit -n)'
  const isExpected = error instanceof UsageError || error instanceof RunError
  if (isExpected && !debug) return escapeControls(error.message)
  const stack = (error instanceof Error && error.stack) || String(error)
  if (isExpected) return stack
  const shown = debug ? stack : `${escapeControls(String(error))} (--debug shows the stack)`
  return `unexpected error, please report it: ${shown}`
}

/** commander reports help and version as errors with its status 0, every usage error with 1. */
function statusOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return exitCodeFor(error)
  return error.exitCode === 0 ? exitCode.ok : exitCode.usage
}
