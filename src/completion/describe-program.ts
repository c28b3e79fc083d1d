import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import type { CommandDescription, OptionDescription, Values } from './program.js'
import { valuesOf, words } from './values.js'

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
