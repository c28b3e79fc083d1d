import {
  type CommandDescription,
  type OptionDescription,
  posixQuoted,
  secondName,
  type Values,
  type Word,
  withSubcommands,
} from './describe.js'

/** A completion script for zsh, to be sourced after compinit or put into a folder of fpath. */
export function zshScript(program: CommandDescription): string {
  return `#compdef ${program.name} ${secondName}
# Completion of ${program.name} for zsh.

${withSubcommands(program).map(commandFunctions).join('\n')}
# If zsh loads this file by itself, it is the function's body; if it is sourced, it registers the function.
if [[ $funcstack[1] == _${program.name} ]]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name} ${secondName}
fi
`
}

/** A function that completes what follows a command, and those that offer the values it takes. */
function commandFunctions(command: CommandDescription): string {
  const { path, options, argument, commands } = command
  const name = functionName(path)
  const specs = options.flatMap((option) => optionSpecs(path, option))
  if (argument && commands.length === 0) {
    const { values, isVariadic } = argument
    specs.push(`${isVariadic ? '*' : '1'}: :${action(`${path} argument`, values)}`)
  }
  if (commands.length > 0) specs.push(`1: :${functionName(`${path} command`)}`, '*:: :->below')

  return `${name}() {
  local state line
  typeset -A opt_args
  _arguments -s -S \\
    ${specs.map(posixQuoted).join(' \\\n    ')}
${commands.length > 0 ? dispatch(commands) : ''}}
${wordsFunctions(command).join('')}`
}

/** Continues with the given command. */
function dispatch(commands: readonly CommandDescription[]): string {
  const cases = commands.map(
    ({ name, path }) => `    ${posixQuoted(name)}) ${functionName(path)} ;;`,
  )
  return `  if [[ $state == below ]]; then
    case $line[1] in
${cases.join('\n')}
    esac
  fi
`
}

/** An option as _arguments takes it, once for each of its names; unless repeatable, it is offered once. */
function optionSpecs(
  path: string,
  { names, description, isRepeatable, values }: OptionDescription,
): string[] {
  const start = isRepeatable ? '*' : `(${names.join(' ')})`
  const words = description.replace(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:')
  return names.map((name) => {
    const joined = values && (name.startsWith('--') ? '=' : '+')
    const value = values ? `: :${action(`${path} ${names.at(-1)}`, values)}` : ''
    return `${start}${name}${joined ?? ''}[${words}]${value}`
  })
}

function action(place: string, values: Values): string {
  switch (values.kind) {
    case 'words':
      return functionName(place)
    case 'files':
      return '_files'
    case 'folders':
      return '_files -/'
    case 'anything':
      return ' '
  }
}

function wordsFunctions({ path, options, argument, commands }: CommandDescription): string[] {
  const places = options.map(({ names, values }) => ({ place: `${path} ${names.at(-1)}`, values }))
  const functions = [...places, { place: `${path} argument`, values: argument?.values }].map(
    ({ place, values }) => (values?.kind === 'words' ? wordsFunction(place, values.words) : ''),
  )
  const below = commands.map(({ name, description }) => ({ text: name, description }))
  return below.length > 0 ? [...functions, wordsFunction(`${path} command`, below)] : functions
}

function wordsFunction(place: string, words: readonly Word[]): string {
  const list = words.map(({ text, description = '' }) =>
    posixQuoted([text, description].filter(Boolean).map(withoutColons).join(':')),
  )
  // Lower case completes to upper case: br to BR.
  return `${functionName(place)}() {
  local -a words=(${list.join(' ')})
  _describe value words -M 'm:{a-z}={A-Z}'
}
`
}

/** _describe takes what follows a colon for the description. */
function withoutColons(text: string): string {
  return text.replaceAll(':', '\\:')
}

/** A function's name for a place in the command line: _flags_download__server. */
function functionName(place: string): string {
  return `_${place.replace(/[^a-z0-9]/gi, '_')}`
}
