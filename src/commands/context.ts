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
  /** Sets the exit status; without it, a command that returns ends with 0. */
  exit(status: number): void
}
