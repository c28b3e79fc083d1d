// The man page, from the same description of the command line as the completions.

import type { HelpItem } from '../src/commands/command.js'
import {
  type CommandDescription,
  describeProgram,
  type OptionDescription,
  withSubcommands,
} from '../src/commands/completion/describe.js'
import { packageVersion } from '../src/package-info.js'
import { declareProgram } from '../src/program.js'

/** The page for section 1 of the manual, in roff with the macros of man(7). */
export async function manPage(): Promise<string> {
  const { stdin, stdout, stderr } = process
  const { signal } = new AbortController()
  const program = describeProgram(await declareProgram({ stdin, stdout, stderr, env: {}, signal }))
  const commands = withSubcommands(program).filter(({ help }) => help !== undefined)
  const isCommon = ({ term }: OptionDescription) =>
    commands.every(({ options }) => options.some((option) => option.term === term))
  const common = commands[0]?.options.filter(isCommon) ?? []
  return [
    `.TH FLAGS 1 "" "flag\\-downloader ${packageVersion()}" "User Commands"`,
    '.SH NAME',
    `flags \\- ${roff(program.description.toLowerCase().replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `.B ${roff(program.usage)}`,
    '.SH DESCRIPTION',
    roff(`${program.description} Each command has a section below.`),
    ...subsection('Options of every command', common.map(optionItem)),
    ...commands.flatMap((command) =>
      commandSection(
        command,
        command.options.filter((option) => !isCommon(option)),
      ),
    ),
    '',
  ].join('\n')
}

/** The section of a command, with these options. */
function commandSection(
  { path, usage, help, argument }: CommandDescription,
  options: readonly OptionDescription[],
): string[] {
  const groups = [...new Set(options.map(({ group }) => group))]
  return [
    `.SH ${roff(path.toUpperCase())}`,
    `.B ${roff(usage)}`,
    '.PP',
    roff(help?.description ?? ''),
    ...subsection('Arguments:', argument ? [[argument.name, argument.details]] : []),
    ...groups.flatMap((group) =>
      subsection(group, options.filter((option) => option.group === group).map(optionItem)),
    ),
    ...subsection('Examples:', help?.examples),
    ...subsection('Environment:', help?.environment),
    ...subsection('Exit status:', help?.exitStatus),
  ]
}

function optionItem({ term, details }: OptionDescription): HelpItem {
  return [term, details]
}

function subsection(title: string, items: readonly HelpItem[] = []): string[] {
  if (items.length === 0) return []
  return [
    `.SS ${roff(title.replace(/:$/, ''))}`,
    ...items.flatMap(([term, text]) => ['.TP', `.B ${roff(term)}`, roff(text)]),
  ]
}

/** Escapes a line of text for roff. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '...')
    .replace(/^[.']/, '\\&$&')
}
