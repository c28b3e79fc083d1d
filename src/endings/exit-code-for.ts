import { exitCode } from './exit-code.js'
import { Interrupt } from './interrupt.js'
import { UsageError } from './usage-error.js'

/** The exit status of a run that an error ended. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupt) return error.exitCode
  return error instanceof UsageError ? exitCode.usage : exitCode.cannotRun
}
