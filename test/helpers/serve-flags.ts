import { once } from 'node:events'
import { type Running, startFlags } from './run-flags.js'

/** Starts `flags serve` on a free port, until the test is over; `url` is what it prints. */
export async function serveFlags(...args: string[]): Promise<Running & { url: string }> {
  const running = startFlags(['serve', '--port', '0', ...args])
  const [line] = await once(running.child.stdout ?? running.child, 'data')
  return { url: String(line).trimEnd(), ...running }
}
