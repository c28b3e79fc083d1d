import type { Argument, CommandUnknownOpts, Help, Option } from '@commander-js/extra-typings'
import { continents, isoCountries } from '../../countries.js'
import { servers } from '../../sources/source.js'
import { type CommandHelp, helpTextsOf } from '../command.js'

/** The program's other name, that of the package, by which npx finds it. */
export const secondName = 'flag-downloader'

/** Describes a program or a command: what its help shows. */
export function describeProgram(program: CommandUnknownOpts): CommandDescription {
  return describeCommand(program, '', [])
}

/** `parents` are the names of the commands above it, `siblings` those of the commands beside it. */
function describeCommand(
  command: CommandUnknownOpts,
  parents: string,
  siblings: readonly string[],
): CommandDescription {
  const help = command.createHelp()
  const path = `${parents} ${command.name()}`.trimStart()
  const below = help.visibleCommands(command)
  const names = below.map((each) => each.name())
  return {
    path,
    name: command.name(),
    description: command.summary() || command.description(),
    usage: help.commandUsage(command),
    help: helpTextsOf(command),
    options: help.visibleOptions(command).map((option) => describeOption(option, help)),
    argument: command.registeredArguments.map((argument) =>
      describeArgument(argument, help, siblings),
    )[0],
    commands: below.map((each) => describeCommand(each, path, names)),
  }
}

function describeOption(option: Option, help: Help) {
  const placeholder = /[<[](.+?)[>\]]/.exec(option.flags)?.[1]
  return {
    /** `-s` and `--server`, or one of them. */
    names: [option.short, option.long].filter((name) => name !== undefined),
    /** With the name of its value: `-s, --server <label or url>`. */
    term: help.optionTerm(option),
    description: option.description,
    /** The description with choices, default and variable, as the help shows it. */
    details: help.optionDescription(option),
    /** The heading above it in the help. */
    group: option.helpGroupHeading ?? 'Options:',
    /** May it be given more than once? Its description says so: commander does not know. */
    isRepeatable: option.description.endsWith('(repeatable)'),
    /** Undefined if the option takes no value. */
    values: placeholder === undefined ? undefined : choicesOr(option.argChoices, placeholder),
  }
}

function describeArgument(argument: Argument, help: Help, siblings: readonly string[]) {
  const name = argument.name()
  return {
    name,
    /** Its description with choices and default. */
    details: help.argumentDescription(argument),
    // `help [command]` is commander's own.
    values: name === 'command' ? oneOf(siblings) : choicesOr(argument.argChoices, name),
    /** May it be given more than once? */
    isVariadic: argument.variadic,
  }
}

function choicesOr(choices: readonly string[] | undefined, placeholder: string): Values {
  return choices ? oneOf(choices) : (byPlaceholder.get(placeholder) ?? { kind: 'anything' })
}

function oneOf(texts: readonly string[]): Values {
  return { kind: 'words', words: texts.map((text) => ({ text })) }
}

const countryWords: Values = {
  kind: 'words',
  words: [
    ...isoCountries.map(({ code, name }) => ({ text: code, description: name })),
    ...isoCountries.map(({ code, name }) => ({ text: name, description: code })),
  ],
}

const labelWords: Values = {
  kind: 'words',
  words: servers.map(({ label, description }) => ({ text: label, description })),
}

const widths = [...new Set(servers.flatMap((server) => server.widths))].sort((a, b) => a - b)

/** The values of each placeholder in the help, such as `dir` in `--output <dir>`. */
const byPlaceholder: ReadonlyMap<string, Values> = new Map<string, Values>([
  ['label or url', labelWords],
  ['continent', oneOf(continents)],
  ['codes', countryWords],
  ['words', countryWords],
  ['px', oneOf(widths.map(String))],
  ['n or auto', oneOf(['auto'])],
  ['dir', { kind: 'folders' }],
  ['file', { kind: 'files' }],
])

/** A word that a shell can complete, with its meaning for shells that show one. */
export interface Word {
  readonly text: string
  readonly description?: string | undefined
}

/** The values that an option or an argument takes. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Nothing to offer: a number, for example. */
  | { readonly kind: 'anything' }

export type OptionDescription = ReturnType<typeof describeOption>

export type ArgumentDescription = ReturnType<typeof describeArgument>

export interface CommandDescription {
  /** With the names of the commands above it: `flags download`. */
  readonly path: string
  readonly name: string
  readonly description: string
  /** `flags download [options] [codes...]` */
  readonly usage: string
  /** The longer texts of its help; undefined for the program itself. */
  readonly help: CommandHelp | undefined
  readonly options: readonly OptionDescription[]
  /** Undefined if the command takes none. */
  readonly argument: ArgumentDescription | undefined
  readonly commands: readonly CommandDescription[]
}

/** A command and all the commands below it. */
export function withSubcommands(command: CommandDescription): readonly CommandDescription[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** A text as one word of bash or zsh, whatever is in it. */
export function posixQuoted(text: string): string {
  return /^[\w./=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
