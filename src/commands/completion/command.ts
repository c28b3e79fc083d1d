import { Argument, Command } from '@commander-js/extra-typings'
import type { CommandContext } from '../context.js'
import { bashScript } from './bash.js'
import type { CommandDescription } from './describe.js'
import { fishScript } from './fish.js'
import { zshScript } from './zsh.js'

/** `flags completion <shell>` */
export function completionCommand(context: CommandContext) {
  return new Command('completion')
    .summary('print a completion script')
    .description('Print a script that makes a shell complete the command line of flags.')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(shells))
    .addHelpText('after', installation)
    .action(async (shell, _options, command) => {
      const [{ completionScript }, { describeProgram }] = await Promise.all([
        import('./command.js'),
        import('./describe.js'),
      ])
      // The whole program, of which this is one command.
      const program = describeProgram(command.parent ?? command)
      await context.stdout.write(completionScript(shell, program))
    })
}

const installation = `
To have it in every shell from now on:
  bash  flags completion bash > ~/.local/share/bash-completion/completions/flags
        or, without the bash-completion package, in ~/.bashrc:
        source <(flags completion bash)
  zsh   in ~/.zshrc, after compinit:
        source <(flags completion zsh)
  fish  flags completion fish > ~/.config/fish/completions/flags.fish
`

const scripts: Record<Shell, (program: CommandDescription) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** The script that makes a shell complete the program's command line. */
export function completionScript(shell: Shell, program: CommandDescription): string {
  return scripts[shell](program)
}

/** The shells that there are completion scripts for. */
export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]
