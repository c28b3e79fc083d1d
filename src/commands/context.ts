import type { Output } from '../report/output.js'

/** What a command sees of the process that runs it. */
export interface CommandContext {
  readonly stdin: NodeJS.ReadStream
  readonly env: NodeJS.ProcessEnv
  /** Data for programs. */
  readonly stdout: Output
  /** Messages for people. */
  readonly stderr: Output
  /** Aborts, with an Interrupt, when a signal interrupts the process. */
  readonly signal: AbortSignal
  /** Show every request, and the stack of an unexpected error (`--debug`, `DEBUG=flags`). */
  readonly debug: boolean
  /** Does this output have color, as `--color` and the environment say? */
  hasColor(output: Output): boolean
  /** Sets the exit status; without it, a command that returns ends with 0. */
  exit(status: number): void
}
