import type { Output } from '../report/output.js'

/** What a command is given of the process it runs in. */
export interface Context {
  readonly stdin: NodeJS.ReadStream
  readonly env: NodeJS.ProcessEnv
  /** For data. */
  readonly stdout: Output
  /** For people. */
  readonly stderr: Output
  /** Aborts, with an Interrupt, when the process is told to end. */
  readonly signal: AbortSignal
  /** Sets the exit status that the program ends with; 0 where it is never called. */
  exit(code: number): void
}
