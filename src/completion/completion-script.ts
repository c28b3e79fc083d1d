import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import type { CommandDescription } from './program.js'
import type { Shell } from './shells.js'
import { zshScript } from './zsh.js'

const scripts: Record<Shell, (program: CommandDescription) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** The script that makes a shell complete the program's command line. */
export function completionScript(shell: Shell, program: CommandDescription): string {
  return scripts[shell](program)
}
