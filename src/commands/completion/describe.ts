import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { continents, isoCountries } from '../../countries.js'
import { serverLabels } from '../../sources/parse-source.js'

/** Describes a program, or a command of it, as it would show itself in its help. */
export function describeProgram(program: CommandUnknownOpts): CommandDescription {
  return describeCommand(program, '', [])
}

/** `parents` are the names of the commands it is in, `siblings` those of the commands beside it. */
function describeCommand(
  command: CommandUnknownOpts,
  parents: string,
  siblings: readonly string[],
): CommandDescription {
  const help = command.createHelp()
  const path = `${parents} ${command.name()}`.trimStart()
  const below = help.visibleCommands(command)
  const names = below.map((command) => command.name())
  return {
    path,
    name: command.name(),
    description: command.summary() || command.description(),
    options: help.visibleOptions(command).map(describeOption),
    argument: command.registeredArguments.map((argument) => valuesFor(argument, siblings))[0],
    commands: below.map((command) => describeCommand(command, path, names)),
  }
}

function describeOption(option: Option): OptionDescription {
  const placeholder = /[<[](.+?)[>\]]/.exec(option.flags)?.[1]
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    values: placeholder === undefined ? undefined : choicesOr(option.argChoices, placeholder),
  }
}

function valuesFor(argument: Argument, siblings: readonly string[]): Values {
  // `help [command]` is commander's own.
  return argument.name() === 'command'
    ? words(siblings)
    : choicesOr(argument.argChoices, argument.name())
}

function choicesOr(choices: readonly string[] | undefined, placeholder: string): Values {
  return choices ? words(choices) : valuesOf(placeholder)
}

/** What stands for a placeholder of the help, such as `dir` in `--output <dir>`. */
export function valuesOf(placeholder: string): Values {
  return byPlaceholder.get(placeholder) ?? { kind: 'anything' }
}

export function words(texts: readonly string[]): Values {
  return { kind: 'words', words: texts.map((text) => ({ text })) }
}

const byPlaceholder: ReadonlyMap<string, Values> = new Map<string, Values>([
  ['label or url', words(serverLabels)],
  ['continent', words(continents)],
  [
    'codes',
    {
      kind: 'words',
      words: isoCountries.map(({ code, name }) => ({ text: code, description: name })),
    },
  ],
  ['dir', { kind: 'folders' }],
  ['file', { kind: 'files' }],
])

/** A program as a shell's completion has to know it. */

/** A word that can be completed, and what it means where the shell shows that. */
export interface Word {
  readonly text: string
  readonly description?: string | undefined
}

/** What may stand where a value is asked for. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** A number, say: there is nothing to offer. */
  | { readonly kind: 'anything' }

export interface OptionDescription {
  /** `-s` and `--server`, or one of them. */
  readonly names: readonly string[]
  readonly description: string
  /** Undefined where the option takes no value. */
  readonly values: Values | undefined
}

export interface CommandDescription {
  /** With the names of the commands it is in: `flags download`. */
  readonly path: string
  readonly name: string
  readonly description: string
  readonly options: readonly OptionDescription[]
  /** What its arguments may be, one and all; undefined where it takes none. */
  readonly argument: Values | undefined
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
