/**
 * Yields the values of promises in the order in which they settle (p-limit's `map` and p-map keep the input
 * order). A rejection ends the iteration with it.
 *
 * @param started pulled from lazily, where a generator may start a job on each `next()`
 * @param maxPending how many jobs may run ahead of the consumer
 */
export async function* asCompleted<T>(
  started: Iterable<Promise<T>>,
  maxPending: () => number,
): AsyncGenerator<T, void, undefined> {
  const source = started[Symbol.iterator]()
  const settled: Promise<T>[] = []
  let pending = 0
  let wake = () => {}

  try {
    for (;;) {
      while (pending + settled.length < maxPending()) {
        const next = source.next()
        if (next.done) break
        const job = next.value
        const onSettled = () => {
          pending -= 1
          settled.push(job)
          wake()
        }
        pending += 1
        job.then(onSettled, onSettled)
      }

      const first = settled.shift()
      if (first) yield await first
      else if (pending === 0) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    // A consumer that leaves early ends the source, too.
    source.return?.()
  }
}

/** Passes the values of promises to functions in the order of the calls, whichever settles first. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Value, Result>(value: Promise<Value>, use: (value: Value) => Result): Promise<Result> => {
    const result = Promise.all([value, last]).then(([arrived]) => use(arrived))
    last = result.catch(() => {})
    return result
  }
}
