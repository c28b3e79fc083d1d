import {
  type ArgumentDescription,
  type CommandDescription,
  type OptionDescription,
  secondName,
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

# Is the command on the line this one?
function __flags_is_in
    set -l path ${name}
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        end
    end
    test "$path" = "$argv"
end

# Is none of these words an argument on the line?
function __flags_has_none
    for word in (commandline -opc)[3..-1]
        contains -- $word $argv; and return 1
    end
end

complete -c ${name} -e
complete -c ${secondName} -w ${name}
complete -c ${name} -f
${commands.flatMap((command) => commandLines(name, command)).join('\n')}
`
}

function commandLines(
  program: string,
  { path, options, argument, commands }: CommandDescription,
): string[] {
  const start = `complete -c ${program} -n ${quoted(`__flags_is_in ${path}`)}`
  const below = commands.map(({ name, description }) => ({ text: name, description }))
  const lines = options.map((option) => `${start} ${optionWords(option)}`)
  if (below.length > 0) lines.push(`${start} ${offerWords(below)}`)
  else if (argument) lines.push(`${start} ${onlyOnce(argument)}${offer(argument.values)}`)
  return lines
}

/** A condition: an argument's words are offered until one of them is given. */
function onlyOnce({ values, isVariadic }: ArgumentDescription): string {
  if (isVariadic || values.kind !== 'words') return ''
  const texts = values.words.map(({ text }) => text)
  return `-n ${quoted(`__flags_has_none ${texts.join(' ')}`)} `
}

function optionWords(option: OptionDescription): string {
  const names = option.names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  const required = option.values ? ` -r ${offer(option.values)}` : ''
  return `${names.join(' ')} -d ${quoted(option.description)}${required}`
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return offerWords(values.words)
    case 'files':
      return '-F'
    case 'folders':
      return "-f -a '(__fish_complete_directories)'"
    case 'anything':
      return '-f'
  }
}

/** Words to offer, each with its description behind a tab. */
function offerWords(words: readonly Word[]): string {
  const list = words.map(({ text, description }) =>
    description ? `${quoted(text)}\\t${quoted(description)}` : quoted(text),
  )
  return `-f -a ${quoted(list.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
