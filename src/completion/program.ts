/** A program as a shell's completion has to know it. */

/** A word that can be completed, and what it means where the shell shows that. */
export interface Word {
  readonly text: string
  readonly description?: string | undefined
}

/** What may stand where a value is asked for. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** A number, say: there is nothing to offer. */
  | { readonly kind: 'anything' }

export interface OptionDescription {
  /** `-s` and `--server`, or one of them. */
  readonly names: readonly string[]
  readonly description: string
  /** Undefined where the option takes no value. */
  readonly values: Values | undefined
}

export interface CommandDescription {
  /** With the names of the commands it is in: `flags download`. */
  readonly path: string
  readonly name: string
  readonly description: string
  readonly options: readonly OptionDescription[]
  /** What its arguments may be, one and all; undefined where it takes none. */
  readonly argument: Values | undefined
  readonly commands: readonly CommandDescription[]
}

/** A command and all the commands below it. */
export function withSubcommands(command: CommandDescription): readonly CommandDescription[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}
