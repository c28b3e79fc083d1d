import { Agent, type Dispatcher } from 'undici'

/**
 * The connections of one run: HTTP/1.1, kept alive, as many to each origin as requests may be open.
 * undici opens more unless told not to. The caller destroys it.
 */
export function createDispatcher(connections: number, timeoutMs: number): Dispatcher {
  // The deadline of the attempt is what counts; undici's own time-outs only follow it.
  return new Agent({
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
