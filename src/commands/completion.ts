import { Argument, Command } from '@commander-js/extra-typings'
import { shells } from '../completion/shells.js'
import type { Context } from './context.js'

/** `flags completion <shell>` */
export function completionCommand(context: Context) {
  return new Command('completion')
    .summary('print a completion script')
    .description('Print a script that makes a shell complete the command line of flags.')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(shells))
    .addHelpText('after', installation)
    .action(async (shell, _options, command) => {
      const [{ completionScript }, { describeProgram }] = await Promise.all([
        import('../completion/completion-script.js'),
        import('../completion/describe-program.js'),
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
