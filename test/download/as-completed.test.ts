import { describe, expect, test } from 'vitest'
import { asCompleted } from '../../src/download/as-completed.js'

/** Promises that the test settles by hand. */
function deferred(count: number) {
  return Array.from({ length: count }, () => {
    let resolve!: (value: number) => void
    let reject!: (reason: unknown) => void
    const promise = new Promise<number>((onResolve, onReject) => {
      resolve = onResolve
      reject = onReject
    })
    return { promise, resolve, reject }
  })
}

describe('asCompleted', () => {
  test('yields values in the order of settling, not of the input', async () => {
    const jobs = deferred(3)
    const values = asCompleted(
      jobs.map(({ promise }) => promise),
      () => 3,
    )
    const seen: number[] = []
    for (const index of [2, 0, 1]) {
      const next = values.next()
      jobs[index]?.resolve(index)
      seen.push((await next).value as number)
    }
    expect(seen).toEqual([2, 0, 1])
    expect((await values.next()).done).toBe(true)
  })

  test('starts no more jobs ahead of the consumer than allowed', async () => {
    let started = 0
    function* jobs() {
      for (let index = 0; index < 100; index++) {
        started += 1
        yield Promise.resolve(index)
      }
    }
    const seen: number[] = []
    for await (const value of asCompleted(jobs(), () => 4)) {
      seen.push(value)
      expect(started - seen.length).toBeLessThan(4)
    }
    expect(seen).toHaveLength(100)
  })

  test('ends with the first rejection', async () => {
    const [first, second] = deferred(2)
    const values = asCompleted([first?.promise, second?.promise] as Promise<number>[], () => 2)
    const next = values.next()
    second?.reject(new Error('disk full'))
    await expect(next).rejects.toThrow('disk full')
    first?.resolve(1)
  })

  test('lets the source clean up if the consumer leaves early', async () => {
    let isTidy = false
    function* jobs() {
      try {
        for (;;) yield Promise.resolve(1)
      } finally {
        isTidy = true
      }
    }
    for await (const value of asCompleted(jobs(), () => 2)) if (value) break
    expect(isTidy).toBe(true)
  })

  test('yields nothing without promises', async () => {
    expect((await asCompleted([], () => 3).next()).done).toBe(true)
  })
})
