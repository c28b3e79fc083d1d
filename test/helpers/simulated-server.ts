import type { ConcurrencyController } from '../../src/download/concurrency-controller.js'

/** How a simulated server, and the path to it, behave. Times are in milliseconds. */
export interface SimulatedServer {
  /** The time of an answer that does not queue. */
  readonly latencyMs: (at: number, random: () => number) => number
  /** The number of requests that it works on at once; the others queue. */
  readonly workers?: number
  /** The number of open requests above which it rejects. */
  readonly rejectAbove?: (at: number) => number
  /** The share of requests that get no answer. */
  readonly lossRate?: number
  /** How long the body of each answer occupies the path. */
  readonly bodyMs?: number
  /** How long each answer occupies the client. */
  readonly clientMs?: number
}

/** The result of a simulated run. */
export interface SimulatedRun {
  readonly elapsedMs: number
  /** The limit after each change, with its time; the first is that at the start. */
  readonly limits: readonly { readonly at: number; readonly limit: number }[]
  readonly attempts: number
  readonly rejected: number
}

type Limited = Pick<ConcurrencyController, 'limit' | 'learn'>

/** Downloads that many flags, in simulated time, and retries with the real back-off until each is there. */
export function simulate(
  controller: Limited,
  server: SimulatedServer,
  flags: number,
  random: () => number,
): SimulatedRun {
  const clock = createClock()
  const workers = createStation(clock, server.workers ?? Number.POSITIVE_INFINITY)
  const client = createStation(clock, 1)
  const path = createStation(clock, 1)
  const waiting = Array.from({ length: flags }, () => 0)
  const limits = [{ at: 0, limit: controller.limit }]
  let open = 0
  let attempts = 0
  let rejected = 0

  const fill = () => {
    while (open < controller.limit && waiting.length > 0) attempt(waiting.shift() ?? 0)
  }
  const attempt = (failures: number) => {
    open += 1
    attempts += 1
    const startedAt = clock.now()
    const sample = { startedAt, open, bytes: 1000 }
    const end = (statusCode: number, headersAt = clock.now()) => {
      open -= 1
      const times = { firstByteMs: headersAt - startedAt, bodyMs: clock.now() - headersAt }
      const reason = controller.learn({ ...sample, ...times, statusCode })
      if (reason) limits.push({ at: clock.now(), limit: controller.limit })
      if (statusCode === 429) rejected += 1
      if (statusCode !== 200) {
        const backoffMs = random() * 200 * 2 ** Math.min(failures, 3)
        clock.after(backoffMs, () => {
          waiting.push(failures + 1)
          fill()
        })
      }
      fill()
    }
    answer(end)
  }
  const answer = (end: (statusCode: number, headersAt?: number) => void) => {
    const latencyMs = server.latencyMs(clock.now(), random)
    if (random() < (server.lossRate ?? 0)) return clock.after(latencyMs, () => end(0))
    const isTooMany = open > (server.rejectAbove?.(clock.now()) ?? Number.POSITIVE_INFINITY)
    if (isTooMany) return clock.after(1, () => end(429))
    workers(latencyMs, () =>
      client(server.clientMs ?? 0, () => {
        const headersAt = clock.now()
        path(server.bodyMs ?? 0, () => end(200, headersAt))
      }),
    )
  }
  fill()
  clock.run()
  return { elapsedMs: clock.now(), limits, attempts, rejected }
}

type Clock = ReturnType<typeof createClock>

function createClock() {
  // The next one is the last.
  const events: { readonly at: number; readonly run: () => void }[] = []
  let now = 0
  return {
    now: () => now,
    after(ms: number, run: () => void): void {
      const at = now + ms
      let index = events.length
      while (index > 0 && (events[index - 1]?.at ?? 0) <= at) index -= 1
      events.splice(index, 0, { at, run })
    },
    run(): void {
      for (let next = events.pop(); next; next = events.pop()) {
        now = next.at
        next.run()
      }
    },
  }
}

/** That many workers with a queue; `done` is called when a job is done. */
function createStation(clock: Clock, workers: number): (ms: number, done: () => void) => void {
  const queue: (() => void)[] = []
  let busy = 0
  return (ms, done) => {
    const work = () => {
      busy += 1
      clock.after(ms, () => {
        busy -= 1
        queue.shift()?.()
        done()
      })
    }
    if (busy < workers) work()
    else queue.push(work)
  }
}
