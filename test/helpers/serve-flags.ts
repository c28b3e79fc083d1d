import { onTestFinished } from 'vitest'
import { Interrupt, type InterruptSignal } from '../../src/errors.js'
import { type MainResult, runMain } from './run-main.js'

export interface Serving {
  /** As it was printed. */
  readonly url: string
  /** Interrupts it; resolves to all that it printed, and the exit status. */
  end(signal: InterruptSignal): Promise<MainResult>
}

/** Starts `flags serve` on a free port, in the test's own process and until the test is over. */
export async function serveFlags(...args: string[]): Promise<Serving> {
  const stop = new AbortController()
  let ended: Promise<MainResult> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    const onStdout = (text: string) => resolve(text.trimEnd())
    ended = runMain(['serve', '--port', '0', ...args], { signal: stop.signal, onStdout })
    ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject)
  })
  const end: Serving['end'] = async (signal) => {
    stop.abort(new Interrupt(signal))
    return (await ended) as MainResult
  }
  onTestFinished(async () => void (await end('SIGTERM')))
  return { url, end }
}
