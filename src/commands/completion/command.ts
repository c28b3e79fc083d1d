import { Argument } from '@commander-js/extra-typings'
import { type CommandContext, createCommand } from '../command.js'
import type { CommandDescription } from './describe.js'

/** `flags completion <shell>` */
export function completionCommand(context: CommandContext) {
  return createCommand('completion', context, {
    summary: 'print a completion script',
    description: 'Print a completion script for a shell.',
    examples: [['source <(flags completion bash)', 'enable completion in the current bash']],
    exitStatus: { ok: 'the script was printed' },
  })
    .addArgument(new Argument('<shell>', 'shell to print the script for').choices(shells))
    .addHelpText('after', installation)
    .action(async (shell, _options, command) => {
      const { describeProgram } = await import('./describe.js')
      const program = describeProgram(command.parent ?? command)
      await context.stdout.write(await completionScript(shell, program))
    })
}

const installation = `
To enable it in every new shell:
  bash with the bash-completion package, once:
    flags completion bash > ~/.local/share/bash-completion/completions/flags
  bash without it, in ~/.bashrc:
    source <(flags completion bash)
  zsh, in ~/.zshrc after compinit:
    source <(flags completion zsh)
  fish, once:
    flags completion fish > ~/.config/fish/completions/flags.fish
  powershell, in $PROFILE:
    flags completion powershell | Out-String | Invoke-Expression`

const writers = {
  bash: async () => (await import('./bash.js')).bashScript,
  zsh: async () => (await import('./zsh.js')).zshScript,
  fish: async () => (await import('./fish.js')).fishScript,
  powershell: async () => (await import('./powershell.js')).powershellScript,
}

export type Shell = keyof typeof writers

/** The shells that have a completion script. */
export const shells = Object.keys(writers) as Shell[]

/** The script that makes a shell complete the program's command line. */
export async function completionScript(shell: Shell, program: CommandDescription): Promise<string> {
  const write = await writers[shell]()
  return write(program)
}
