import { exitCode } from './exit-code.js'

/** The signals that ask the program to end, and the exit status of each: 128 and its number. */
export const interruptSignals = {
  SIGHUP: exitCode.sighup,
  SIGINT: exitCode.sigint,
  SIGTERM: exitCode.sigterm,
} as const

/** The process was told to end. It is the reason with which a run's signal aborts. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt'

  constructor(readonly signal: keyof typeof interruptSignals) {
    super(`ended by ${signal}`)
  }

  get exitCode(): number {
    return interruptSignals[this.signal]
  }
}
