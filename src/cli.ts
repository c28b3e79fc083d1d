import { setTimeout as sleep } from 'node:timers/promises'
import { Interrupt, type InterruptSignal, interruptSignals } from './errors.js'
import { exitCode, signalExitCodes } from './exit-codes.js'
import { main } from './program.js'

/** How long an interrupted run waits for a slow reader of its output. */
const drainTimeoutMs = 800

const interrupt = new AbortController()
for (const name of interruptSignals) process.on(name, () => onSignal(name))

// Node exits with 0 if it only waits for promises that never settle.
process.once('exit', () => {
  process.exitCode ??= exitCode.cannotRun
})

void run()

async function run() {
  const status = await main(process.argv.slice(2), {
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interrupt.signal,
  })
  process.exitCode = status
  if (!interrupt.signal.aborted) return
  await Promise.race([outputTaken(), sleep(drainTimeoutMs, undefined, { ref: false })])
  endInterrupted(status)
}

/** The first signal interrupts the run; the second ends the process. */
function onSignal(name: InterruptSignal): void {
  if (interrupt.signal.aborted || process.exitCode !== undefined) exitNow(name)
  interrupt.abort(new Interrupt(name))
}

/**
 * Ends an interrupted process by its signal, so that a shell stops the script around it. Another status, such
 * as that of `serve`, stays.
 */
function endInterrupted(status: number): void {
  const { reason } = interrupt.signal
  if (!(reason instanceof Interrupt)) return
  if (status === signalExitCodes[reason.signal]) exitNow(reason.signal)
  else process.exit()
}

/** Resolves when both streams have been read to the end. */
async function outputTaken(): Promise<void> {
  const streams = [process.stdout, process.stderr].filter(
    ({ writableLength }) => writableLength > 0,
  )
  await Promise.all(streams.map((stream) => new Promise((resolve) => stream.write('', resolve))))
}

/**
 * Restores the terminal and ends the process by the signal itself: process.exit() would wait for the
 * thread pool, and so for a read that never ends, such as that of a named pipe.
 */
function exitNow(name: InterruptSignal): void {
  // Drawings on the terminal are erased on this event.
  process.emit('exit', signalExitCodes[name])
  process.removeAllListeners(name)
  process.kill(process.pid, name)
}
