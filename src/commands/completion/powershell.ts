import { type CommandDescription, secondName, type Values, withSubcommands } from './describe.js'

/** A completion script for PowerShell 5 and later. */
export function powershellScript(program: CommandDescription): string {
  const { name } = program
  return `# Completion of ${name} for PowerShell.

$__flagsCommands = @{
${withSubcommands(program).map(commandEntry).join('\n')}
}

Register-ArgumentCompleter -Native -CommandName ${name}, ${secondName} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words before the one to complete; the first of them name the command.
    $given = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { "$_" })
    $path = ${quoted(name)}
    $arguments = @()
    foreach ($word in $given | Select-Object -Skip 1) {
        if ($__flagsCommands.ContainsKey("$path $word")) { $path = "$path $word"; $arguments = @() }
        else { $arguments += $word }
    }
    $command = $__flagsCommands[$path]
    $last = $given[-1]

    if ($command.Options.ContainsKey($last) -and $null -ne $command.Options[$last]) {
        $words = $command.Options[$last]
    }
    elseif ($wordToComplete -like '-*') {
        $words = @($command.Options.Keys)
    }
    elseif ($command.Once -and ($arguments | Where-Object { $command.Words -ccontains $_ })) {
        $words = @()
    }
    else {
        $words = $command.Words
    }

    # An empty list makes PowerShell offer files, which is right for folders and files.
    $words | Where-Object { $_ -like "$($wordToComplete.Trim("'"))*" } | Sort-Object | ForEach-Object {
        $text = if ($_ -match "[\\s']") { "'" + $_.Replace("'", "''") + "'" } else { $_ }
        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
    }
}
`
}

/** A command's options, each with the words that it takes ($null for a flag), and its arguments. */
function commandEntry({ path, options, argument, commands }: CommandDescription): string {
  const pairs = options.flatMap(({ names, values }) =>
    names.map((name) => `${quoted(name)} = ${values ? list(values) : '$null'}`),
  )
  const below = commands.map(({ name }) => quoted(name)).join(', ')
  const words = commands.length === 0 && argument ? list(argument.values) : `@(${below})`
  const isOnce = argument !== undefined && !argument.isVariadic
  return `    ${quoted(path)} = @{
        Options = @{ ${pairs.join('; ')} }
        Words = ${words}
        Once = $${isOnce}
    }`
}

function list(values: Values): string {
  const texts = values.kind === 'words' ? values.words.map(({ text }) => quoted(text)) : []
  return `@(${texts.join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
