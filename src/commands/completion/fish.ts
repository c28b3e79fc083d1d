import {
  type CommandDescription,
  type OptionDescription,
  type Values,
  type Word,
  withSubcommands,
} from './describe.js'

/** A completion script for fish 3 and later. */
export function fishScript(program: CommandDescription): string {
  const { name } = program
  const commands = withSubcommands(program)
  const paths = commands.slice(1).map(({ path }) => quoted(path))
  return `# Completion of ${name} for fish.

# Is the command that was given so far this one?
function __flags_is_in
    set -l path ${name}
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        end
    end
    test "$path" = "$argv"
end

complete -c ${name} -e
complete -c ${name} -f
${commands.flatMap((command) => lines(name, command)).join('\n')}
`
}

function lines(
  program: string,
  { path, options, argument, commands }: CommandDescription,
): string[] {
  const start = `complete -c ${program} -n ${quoted(`__flags_is_in ${path}`)}`
  const below = commands.map(({ name, description }) => ({ text: name, description }))
  const rest = below.length > 0 ? words(below) : argument ? values(argument) : ''
  return [
    ...options.map((option) => `${start} ${optionWords(option)}`),
    ...(rest ? [`${start} ${rest}`] : []),
  ]
}

function optionWords(option: OptionDescription): string {
  const names = option.names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  const required = option.values ? ` -r ${values(option.values)}` : ''
  return `${names.join(' ')} -d ${quoted(option.description)}${required}`
}

function values(values: Values): string {
  switch (values.kind) {
    case 'words':
      return words(values.words)
    case 'files':
      return '-F'
    case 'folders':
      return "-f -a '(__fish_complete_directories)'"
    case 'anything':
      return '-f'
  }
}

/** Words to offer; fish takes what follows a tab for the description. */
function words(words: readonly Word[]): string {
  const list = words.map(({ text, description }) =>
    description ? `${text}\\t${quoted(description)}` : quoted(text),
  )
  return `-f -a ${quoted(list.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
