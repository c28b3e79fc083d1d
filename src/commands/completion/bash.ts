import {
  type ArgumentDescription,
  type CommandDescription,
  posixQuoted,
  secondName,
  type Values,
  withSubcommands,
} from './describe.js'

/** A completion script for bash 3.2 (that of macOS) and later. */
export function bashScript(program: CommandDescription): string {
  const { name } = program
  const commands = withSubcommands(program)
  const paths = commands.slice(1).map(({ path }) => posixQuoted(path))
  return `# Completion of ${name} for bash.

_flags() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command=${name} index last_name=0
  COMPREPLY=()

  # bash splits --option=value into three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi

  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
    ${paths.join(' | ')})
      command+=" \${COMP_WORDS[index]}"
      last_name=$index
      ;;
    esac
  done

  case "$command $previous" in
${commands.flatMap(optionCases).join('\n')}
  esac

  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

${helpers}
complete -F _flags ${name} ${secondName}
`
}

/** What to offer after an option that takes a value. */
function optionCases({ path, options }: CommandDescription): string[] {
  return options.flatMap(({ names, values }) => {
    if (!values) return []
    const patterns = names.map((name) => posixQuoted(`${path} ${name}`))
    return `  ${patterns.join(' | ')})
    ${offer(values)}
    return
    ;;`
  })
}

/** What to offer elsewhere after a command: its options, its commands or arguments. */
function commandCase({ path, options, argument, commands }: CommandDescription): string {
  const rest =
    commands.length > 0 ? offerWords(commands.map(({ name }) => name)) : offerArgument(argument)
  return `  ${posixQuoted(path)})
    if [[ $current == -* ]]; then
      ${offerWords(options.flatMap(({ names }) => names))}
    else
      ${rest}
    fi
    ;;`
}

function offerArgument(argument: ArgumentDescription | undefined): string {
  if (!argument) return ':'
  const isOnce = !argument.isVariadic && argument.values.kind === 'words'
  return isOnce
    ? offer(argument.values).replace('_flags_words', '_flags_word')
    : offer(argument.values)
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return offerWords(values.words.map(({ text }) => text))
    case 'files':
      return '_flags_paths -f'
    case 'folders':
      return '_flags_paths -d'
    case 'anything':
      return ':'
  }
}

function offerWords(texts: readonly string[]): string {
  return ['_flags_words', ...texts.map(posixQuoted)].join(' ')
}

const helpers = `# Offers those of its arguments that begin with the current word, in either case.
_flags_words() {
  local word offered had_nocasematch=0
  shopt -q nocasematch && had_nocasematch=1
  shopt -s nocasematch
  for word in "$@"; do
    case $current in
    # Within quotes a space is a space; elsewhere it needs a backslash.
    [\\"\\']*) [[ $word == "\${current:1}"* ]] && COMPREPLY+=("$word") ;;
    *)
      printf -v offered %q "$word"
      [[ $offered == "$current"* ]] && COMPREPLY+=("$offered")
      ;;
    esac
  done
  ((had_nocasematch)) || shopt -u nocasematch
}

# Offers its arguments, unless one of them is on the line already.
_flags_word() {
  local given offered
  for given in "\${COMP_WORDS[@]:last_name + 1:COMP_CWORD - last_name - 1}"; do
    for offered in "$@"; do [[ $given == "$offered" ]] && return; done
  done
  _flags_words "$@"
}

# Offers files (-f) or folders (-d).
_flags_paths() {
  local path
  # bash 3.2 has no compopt; only the slash after a folder's name is missing there.
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do
    COMPREPLY+=("$path")
  done < <(compgen "$1" -- "$current")
}
`
