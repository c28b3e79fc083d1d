import {
  type Argument,
  Command,
  CommanderError,
  type CommandUnknownOpts,
  Help,
  Option,
} from '@commander-js/extra-typings'
import { exitMeanings } from '../exit-codes.js'
import { colorModes, escapeControls, type Output } from '../report/output.js'

/** What a command gets from its process. */
export interface CommandContext {
  readonly stdin: NodeJS.ReadStream
  readonly env: NodeJS.ProcessEnv
  /** Data for programs. */
  readonly stdout: Output
  /** Messages for people. */
  readonly stderr: Output
  /** Aborts, with an Interrupt, when a signal interrupts the process. */
  readonly signal: AbortSignal
  /** Show every request, and the stack of an unexpected error (`--debug`, `DEBUG=flags`). */
  readonly debug: boolean
  /** Does this output have color, as `--color` and the environment say? */
  hasColor(output: Output): boolean
  /** Sets the exit status; without it, a command that returns ends with 0. */
  exit(status: number): void
}

/** A term of the help and its explanation: a command line, a variable, an exit status. */
export type HelpItem = readonly [term: string, text: string]

/** The texts of a command's help, in addition to those of its arguments and options. */
export interface CommandHelp {
  /** For the list of commands. */
  readonly summary: string
  readonly description: string
  readonly examples: readonly HelpItem[]
  /** Default: no variables but those of the options. */
  readonly environment?: readonly HelpItem[]
  readonly exitStatus: readonly HelpItem[]
}

/** The meaning of a command's exit statuses; without `failed`, it is never 1. */
interface ExitStatuses {
  readonly ok: string
  readonly failed?: string
  /** What else is a usage error. */
  readonly usage?: string
  /** Default: the output cannot be written. */
  readonly cannotRun?: string
}

/** The texts of a command's help as its file gives them. */
export interface HelpTexts extends Omit<CommandHelp, 'exitStatus'> {
  readonly exitStatus: ExitStatuses | readonly HelpItem[]
}

/** For a command with an argument `dir`, the folder of flags. */
export const folderVariable: readonly HelpItem[] = [
  ['FLAGS_OUTPUT', 'folder of flags if the command line names none'],
]

const helpTexts = new WeakMap<CommandUnknownOpts, CommandHelp>()

/** The help texts of a command, before layout; undefined for the program itself. */
export function helpTextsOf(command: CommandUnknownOpts): CommandHelp | undefined {
  return helpTexts.get(command)
}

/** A command with its help, wrapped to the terminal's width. */
export function createCommand(
  name: string,
  { stdout }: Pick<CommandContext, 'stdout'>,
  { exitStatus: statuses, ...texts }: HelpTexts,
) {
  const { summary, description, examples, environment = [] } = texts
  const exitStatus = 'ok' in statuses ? exitItems(statuses) : statuses
  const width = stdout.columns()
  const end = [
    ...(environment.length > 0 ? [section('Environment:', environment, width)] : []),
    section('Exit status:', exitStatus, width),
  ]
  const command = new Command(name)
    .summary(summary)
    .description(`${description}\n\n${section('Examples:', examples, width)}`)
    .addHelpText('after', end.map((text) => `\n${text}`).join('\n'))
  helpTexts.set(command, { ...texts, exitStatus })
  return command
}

function exitItems({
  ok,
  failed,
  usage,
  cannotRun = 'the output cannot be written',
}: ExitStatuses): HelpItem[] {
  return [
    ['0', ok],
    ...(failed ? [['1', failed] as const] : []),
    ['2', ['usage error: unknown option, invalid value', usage].filter(Boolean).join(', ')],
    ['3', cannotRun],
    [exitMeanings.at(-1)?.[0] ?? '', 'interrupted by SIGHUP, SIGINT, SIGTERM'],
  ]
}

/** Texts narrower than this are not wrapped beside their terms. */
export const minTextWidth = 10

/** Two columns, as commander lays out its own sections; one where the terminal is too narrow. */
function section(title: string, items: readonly HelpItem[], helpWidth: number): string {
  const help = new Help()
  help.prepareContext({ helpWidth })
  help.minWidthToWrap = minTextWidth
  const termWidth = Math.max(...items.map(([term]) => term.length))
  const isNarrow = helpWidth - termWidth < 2 * minTextWidth
  const lines = items.map(([term, text]) =>
    isNarrow
      ? `  ${term}\n${help.formatItem('', 2, text, help)}`
      : help.formatItem(term, termWidth, text, help),
  )
  return [title, ...lines].join('\n')
}

/** Writes what the user should know, a line each. */
export async function writeNotes(
  notes: readonly string[],
  { stderr }: Pick<CommandContext, 'stderr'>,
): Promise<void> {
  for (const note of notes) await stderr.write(`note: ${escapeControls(note)}\n`)
}

/** Adds the options that every command has. */
export function addCommonOptions(command: CommandUnknownOpts): void {
  command
    .addOption(new Option('--color <when>', 'color the output').choices(colorModes).default('auto'))
    .option('--no-color', 'same as --color never')
    .option('--debug', 'log each request, and the stack of each error')
}

/**
 * The environment without empty variables of options, which CI sets, and without any variables of options if
 * the command line asks for help: an invalid value must not prevent it.
 */
export function usableEnvironment(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): NodeJS.ProcessEnv {
  const isHelp = args.some((argument) => argument === '--help' || argument === '-h')
  const isIgnored = (name: string) => name.startsWith('FLAGS_') && (isHelp || env[name] === '')
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isIgnored(name)))
}

/**
 * Makes a command read its options' variables from `env`, and FLAGS_OUTPUT for an argument `dir`;
 * commander itself reads process.env. The command line takes precedence: a variable that it overrides is
 * not even parsed.
 */
export function readVariables(command: CommandUnknownOpts, env: NodeJS.ProcessEnv): void {
  const variables = new Map(command.options.map((option) => [option, option.envVar]))
  const parseOptions = command.parseOptions.bind(command)
  command.parseOptions = (args) => {
    const parsed = parseOptions(args)
    for (const [option, variable] of variables) {
      const value = variable && env[variable]
      // Deleted, or commander would read the variable of the process.
      delete option.envVar
      if (!value || command.getOptionValueSource(option.attributeName()) === 'cli') continue
      const parsedValue = parseVariable(variable, value, option, command)
      command.setOptionValueWithSource(option.attributeName(), parsedValue, 'env')
    }
    return parsed
  }
  command.hook('preAction', () => {
    const [argument] = command.registeredArguments
    const isFolder = argument?.name() === 'dir' && command.args.length === 0
    if (!isFolder || !env.FLAGS_OUTPUT) return
    command.processedArgs[0] = parseVariable('FLAGS_OUTPUT', env.FLAGS_OUTPUT, argument, command)
  })
  command.addHelpText('before', () => {
    for (const [option, variable] of variables) if (variable) option.envVar = variable
    return ''
  })
}

function parseVariable(
  variable: string,
  value: string,
  target: Option | Argument,
  command: CommandUnknownOpts,
): unknown {
  try {
    return target.parseArg?.(value, undefined) ?? value
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const what = 'flags' in target ? `option '${target.flags}'` : `argument '${target.name()}'`
    const message = `value '${value}' from env '${variable}' is invalid. ${error.message}`
    return command.error(`error: ${what} ${message}`)
  }
}
