#!/usr/bin/env node
import { Interrupt, type InterruptSignal, interruptSignals } from './errors.js'
import { exitCode, signalExitCodes } from './exit-codes.js'
import { main } from './program.js'

/** How long a slow reader may still take the output of an interrupted run. */
const drainTimeoutMs = 800

const interrupt = new AbortController()
for (const name of interruptSignals) process.on(name, () => onSignal(name))

// Node ends a process that waits for a promise that nothing will settle as if it had succeeded.
process.once('exit', () => {
  process.exitCode ??= exitCode.cannotRun
})

void run()

async function run() {
  const io = {
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interrupt.signal,
  }
  process.exitCode = await main(process.argv.slice(2), io)
  const { reason } = interrupt.signal
  // What can still keep the process alive is a reader that does not read, or a read that never ends.
  if (reason instanceof Interrupt) setTimeout(() => exitNow(reason.signal), drainTimeoutMs).unref()
}

/** The first signal interrupts the run; the second ends the process. */
function onSignal(name: InterruptSignal): void {
  if (interrupt.signal.aborted) exitNow(name)
  interrupt.abort(new Interrupt(name))
}

/**
 * Restores the terminal and ends the process by the signal itself: process.exit() would wait for the
 * thread pool, and so for a read that never ends, such as that of a named pipe.
 */
function exitNow(name: InterruptSignal): void {
  // Whoever draws on the terminal listens to this event, to erase it.
  process.emit('exit', signalExitCodes[name])
  process.removeAllListeners(name)
  process.kill(process.pid, name)
}
