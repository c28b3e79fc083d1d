import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ChangeReason,
  ConcurrencyController,
} from '../../src/download/concurrency-controller.js'
import type { RequestSample } from '../../src/download/latency-baseline.js'
import { type SimulatedRun, type SimulatedServer, simulate } from '../helpers/simulated-server.js'

const answered = { statusCode: 200, firstByteMs: 50, bodyMs: 0, bytes: 1000 }
const rejected = { ...answered, statusCode: 429, firstByteMs: 1, bodyMs: 1 }
const lost = { ...answered, statusCode: 0 }

/** A controller that learns from rounds of samples, in turn, each with as many open requests as it allows. */
function driven(max: number, now = { at: 0 }) {
  const controller = new ConcurrencyController(max)
  const learn = (sample: Partial<RequestSample>) => {
    now.at += 1
    const { limit } = controller
    return controller.learn({ startedAt: now.at * 1000, open: limit, ...answered, ...sample })
  }
  const round = (...samples: Partial<RequestSample>[]): ChangeReason | undefined => {
    const answers = Math.max(5, controller.limit)
    let reason: ChangeReason | undefined
    for (let index = 0; index < answers; index++)
      reason = learn({ ...samples[index % samples.length] })
    return reason
  }
  const rounds = (count: number, ...samples: Partial<RequestSample>[]) =>
    Array.from({ length: count }, () => {
      round(...samples)
      return controller.limit
    })
  return { controller, learn, round, rounds }
}

describe('the controller', () => {
  test('starts at 5 and doubles the limit each round, up to the maximum', () => {
    const { controller, rounds, round } = driven(100)
    expect(controller.limit).toBe(5)
    expect(round()).toEqual({ kind: 'keeps_up' })
    expect(rounds(6)).toEqual([20, 40, 80, 100, 100, 100])
    expect(round()).toBeUndefined()
    expect(driven(3).controller.limit).toBe(3)
    expect(driven(3).rounds(2)).toEqual([3, 3])
  })

  test('keeps 9 of 10 open requests at a rejection, and adds one a round from there', () => {
    const { controller, learn, rounds } = driven(100)
    rounds(1)
    expect(learn(rejected)).toEqual({ kind: 'rejected' })
    expect(controller.limit).toBe(9)
    // It stays below the level that was rejected for five rounds.
    expect(rounds(7)).toEqual([9, 9, 9, 9, 10, 11, 12])
    // That level is passed by more than a tenth and one: the server has recovered.
    expect(rounds(2)).toEqual([13, 26])
  })

  test.each([429, 503])(
    'counts a %i as a rejection, and other statuses as answers',
    (statusCode) => {
      const { controller, learn } = driven(100)
      learn({ statusCode: 500 })
      learn({ statusCode: 404 })
      expect(controller.limit).toBe(5)
      expect(learn({ statusCode })).toEqual({ kind: 'rejected' })
      expect(controller.limit).toBe(4)
    },
  )

  test('lowers the limit once for all requests that were open together', () => {
    const { controller, learn, rounds } = driven(100)
    rounds(2)
    const startedAt = 1_000_000
    learn({ ...rejected, startedAt, open: 12 })
    // It ended 2 ms later.
    for (let open = 1; open <= 9; open++) learn({ ...rejected, startedAt: startedAt + 1, open })
    expect(controller.limit).toBe(10)
    learn({ ...rejected, startedAt: startedAt + 2, open: 10 })
    expect(controller.limit).toBe(9)
  })

  test('treats two lost requests in a round as overload, and 5 % of them at higher limits', () => {
    const { controller, learn, rounds } = driven(100)
    expect(learn(lost)).toBeUndefined()
    expect(learn(lost)).toEqual({ kind: 'lost' })
    rounds(12)
    expect(controller.limit).toBe(100)
    for (const open of [95, 80, 100, 90]) expect(learn({ ...rejected, open })).toBeUndefined()
    expect(learn({ ...rejected, open: 85 })).toEqual({ kind: 'rejected' })
    expect(controller.limit).toBe(72)
  })

  test('lowers the limit after two slow rounds, to the number answered at once', () => {
    const { controller, round, rounds } = driven(100)
    rounds(2)
    const slow = { firstByteMs: 158 }
    expect(round(slow, slow, {})).toBeUndefined()
    expect(controller.limit).toBe(20)
    // 79 ms are allowed: half of the 20 open requests were queuing.
    expect(round(slow, slow, {})).toEqual({ kind: 'slow', ms: 158, allowedMs: 79 })
    expect(controller.limit).toBe(10)
  })

  test('lowers the limit by no more than half', () => {
    const { rounds } = driven(100)
    rounds(2)
    expect(rounds(2, { firstByteMs: 5000 })).toEqual([20, 10])
  })

  test('waits for five answers a round at lower limits', () => {
    const { controller, learn } = driven(100)
    learn({ ...rejected, open: 3 })
    expect(controller.limit).toBe(2)
    // The fifth round below the level that was rejected tries it again.
    for (let answers = 1; answers < 25; answers++) expect(learn({})).toBeUndefined()
    expect(learn({})).toEqual({ kind: 'keeps_up' })
  })

  test('tolerates answers that take half as long again, and 4 ms more', () => {
    const slightly = driven(100)
    slightly.round()
    expect(slightly.rounds(3, { firstByteMs: 79 })).toEqual([20, 40, 80])
    const more = driven(100)
    more.round()
    expect(more.rounds(2, { firstByteMs: 79.1 })).toEqual([10, 9])
  })

  test('notices a path that bodies saturate, whatever their length', () => {
    const { controller, round } = driven(100)
    round({ bodyMs: 100, bytes: 10_000 })
    round({ bodyMs: 1000, bytes: 100_000 })
    expect(controller.limit).toBe(20)
    round({ bodyMs: 800, bytes: 20_000 })
    round({ bodyMs: 400, bytes: 10_000 })
    expect(controller.limit).toBe(10)
  })

  test('compares the answers of one status with each other', () => {
    const { rounds } = driven(100)
    expect(rounds(2, { statusCode: 404, firstByteMs: 5 })).toEqual([10, 20])
    expect(rounds(2)).toEqual([40, 80])
    // Fast 404s among the flags do not hide that the flags are slow.
    const slow = { firstByteMs: 90 }
    expect(rounds(2, { statusCode: 404, firstByteMs: 5 }, slow, slow)).toEqual([80, 70])
  })

  test('allows for the margin of error of answers that scatter', () => {
    const scattered = driven(100)
    scattered.round()
    expect(scattered.rounds(2, { firstByteMs: 40 }, { firstByteMs: 82 })).toEqual([20, 40])
    expect(driven(100).rounds(2, { firstByteMs: 40 }, { firstByteMs: 82 })).toEqual([10, 20])
    expect(driven(100).rounds(2, { bodyMs: 50 }, { bodyMs: 150 })).toEqual([10, 20])
  })

  test('measures a host again after five rounds at 5 requests or fewer', () => {
    const { learn, rounds } = driven(100)
    rounds(1)
    learn({ ...rejected, open: 6 })
    expect(rounds(4)).toEqual([5, 5, 5, 5])
    expect(rounds(3, { firstByteMs: 500 })).toEqual([6, 7, 8])
    const above = driven(100)
    above.rounds(1)
    above.learn(rejected)
    expect(above.rounds(4)).toEqual([9, 9, 9, 9])
    expect(above.rounds(2, { firstByteMs: 500 })).toEqual([9, 4])
  })

  test('forgets a slow start when faster answers come', () => {
    const { rounds } = driven(100)
    rounds(1, { firstByteMs: 250 })
    expect(rounds(1)).toEqual([20])
    expect(rounds(2, { firstByteMs: 158 })).toEqual([20, 10])
  })

  test('does not raise a limit that is not used', () => {
    const { rounds } = driven(100)
    expect(rounds(3, { open: 2 })).toEqual([5, 5, 5])
    expect(rounds(1, { open: 3 })).toEqual([10])
    expect(rounds(1, { open: 4 })).toEqual([10])
    expect(rounds(1, { open: 5 })).toEqual([20])
  })

  test('accepts a server that has become permanently slower', () => {
    const { controller, rounds } = driven(100)
    rounds(5)
    rounds(40, { firstByteMs: 500 })
    expect(controller.limit).toBe(100)
  })

  test('is not moved by one noisy sample', () => {
    const noisy = fc.constantFrom({ firstByteMs: 60_000 }, { bodyMs: 60_000, bytes: 1 }, lost)
    fc.assert(
      fc.property(noisy, fc.nat(60), (noise, place) => {
        const quiet = driven(100)
        const disturbed = driven(100)
        for (let index = 0; index < 75; index++) {
          quiet.learn({})
          disturbed.learn(index === place ? noise : {})
          if (noise === lost && index === place) disturbed.learn({})
        }
        expect(disturbed.controller.limit).toBe(quiet.controller.limit)
      }),
    )
  })
})

/** A number of 0 to 1 (exclusive) that a seed determines. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x80000000
  }
}

const seeds = fc.integer({ min: 1, max: 1_000_000 })

/** The same runs each time: bounds on what chance does hold for a sample, not for every run there is. */
const seededRuns = (numRuns: number) => ({ numRuns, seed: 1 })
const steady = (ms: number) => (_at: number, random: () => number) => ms * (1 + 0.1 * random())

/** Log-normal: the median is `ms`, and one in 40 takes more than four times as long. */
const heavyTailed = (ms: number) => (_at: number, random: () => number) => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return ms * Math.exp(0.7 * normal)
}

function run(server: SimulatedServer, seed: number, { max = 100, flags = 400 } = {}): SimulatedRun {
  return simulate(new ConcurrencyController(max), server, flags, randomFrom(seed))
}

/** The limits from a share of the run on, including the one at that time. */
function limitsAfter({ limits, elapsedMs }: SimulatedRun, share: number): number[] {
  const later = limits.findIndex(({ at }) => at > share * elapsedMs)
  return limits.slice(later === -1 ? -1 : later - 1).map(({ limit }) => limit)
}

describe('against simulated servers, the limit', () => {
  test('stays within 1 and the maximum, whatever happens', () => {
    const servers = fc.record({
      ms: fc.integer({ min: 1, max: 500 }),
      isHeavy: fc.boolean(),
      workers: fc.integer({ min: 1, max: 200 }),
      rejectAbove: fc.integer({ min: 1, max: 200 }),
      lossRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
      bodyMs: fc.integer({ min: 0, max: 20 }),
    })
    const maxima = fc.integer({ min: 1, max: 1000 })
    fc.assert(
      fc.property(servers, maxima, seeds, ({ ms, isHeavy, rejectAbove, ...rest }, max, seed) => {
        const latencyMs = isHeavy ? heavyTailed(ms) : steady(ms)
        const server = { ...rest, latencyMs, rejectAbove: () => rejectAbove }
        const { limits } = run(server, seed, { max, flags: 20 })
        const isValid = (limit: number) => Number.isInteger(limit) && limit >= 1 && limit <= max
        expect(limits.every(({ limit }) => isValid(limit))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('reaches the maximum against a server that keeps up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 500 }), seeds, (ms, seed) => {
        const { limits, elapsedMs } = run({ latencyMs: steady(ms) }, seed)
        expect(limits.map(({ limit }) => limit)).toEqual([5, 10, 20, 40, 80, 100])
        // 400 flags by 100 take four rounds.
        expect(elapsedMs).toBeLessThan(9 * 1.1 * ms)
      }),
      seededRuns(60),
    )
  })

  test('settles where n workers are busy and few requests queue', () => {
    const counts = fc.integer({ min: 5, max: 30 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 20, max: 200 }), seeds, (workers, ms, seed) => {
        const flags = 300 + 30 * workers
        const ended = run({ latencyMs: steady(ms), workers }, seed, { flags })
        const settled = limitsAfter(ended, 0.8)
        expect(Math.min(...settled) / workers).toBeGreaterThanOrEqual(0.9)
        expect(Math.max(...settled)).toBeLessThanOrEqual(2.5 * workers + 3)
        const idealMs = (flags / workers) * 1.05 * ms
        expect(ended.elapsedMs).toBeLessThan(1.2 * idealMs)
      }),
      seededRuns(60),
    )
  })

  test('settles just below the level above which a server rejects', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), seeds, (level, seed) => {
        const server = { latencyMs: steady(50), rejectAbove: () => level }
        const ended = run(server, seed, { flags: 20 * level })
        const settled = limitsAfter(ended, 0.5)
        expect(Math.min(...settled) / level).toBeGreaterThanOrEqual(0.7)
        expect(Math.max(...settled)).toBeLessThanOrEqual(1.1 * level + 2)
        expect(ended.rejected / ended.attempts).toBeLessThan(0.08)
      }),
      seededRuns(60),
    )
  })

  test.each([
    ['takes twice as long', { slowdown: 2, rejectAbove: 1000, highest: 99 }],
    ['rejects more than 3 requests', { slowdown: 1, rejectAbove: 3, highest: 3 }],
    ['rejects more than 30 requests', { slowdown: 1, rejectAbove: 30, highest: 33 }],
    ['does both', { slowdown: 5, rejectAbove: 10, highest: 11 }],
  ])('falls while the server %s, and recovers', (_what, { slowdown, rejectAbove, highest }) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const isTrouble = (at: number) => at > 500 && at < 1500
        const server: SimulatedServer = {
          latencyMs: (at, random) => steady(isTrouble(at) ? slowdown * 50 : 50)(at, random),
          rejectAbove: (at) => (isTrouble(at) ? rejectAbove : 1000),
        }
        const { limits } = run(server, seed, { flags: 5000 })
        const lowest = Math.min(...limits.filter(({ at }) => at > 500).map(({ limit }) => limit))
        expect(lowest).toBeLessThanOrEqual(highest)
        const later = limits.filter(({ at }) => at > 1500).map(({ limit }) => limit)
        expect(Math.max(...later)).toBeGreaterThanOrEqual(80)
      }),
      seededRuns(2),
    )
  })

  test('stays high under heavy-tailed latency and 1 % of random losses', () => {
    fc.assert(
      fc.property(fc.boolean(), seeds, (isHeavy, seed) => {
        const latencyMs = isHeavy ? heavyTailed(30) : steady(30)
        const ended = run({ latencyMs, lossRate: isHeavy ? 0 : 0.01 }, seed, { flags: 800 })
        const fixed = { limit: 50, learn: () => undefined }
        const half = simulate(fixed, { latencyMs }, 800, randomFrom(seed))
        expect(ended.elapsedMs).toBeLessThan(2.5 * half.elapsedMs)
      }),
      seededRuns(20),
    )
  })
})
