/** What the spinner on a worker thread is started with. */
export interface SpinnerData {
  readonly words: string
  readonly columns: number
  /** Shared with the thread that started it. */
  readonly state: Int32Array<SharedArrayBuffer>
}

/** The places in the shared state; each starts as 0. */
export const place = {
  /** Set to 1 to stop the spinner. */
  stop: 0,
  /** Set to 1 by the spinner when it has erased itself. */
  erased: 1,
  /** Counted by the spinner. */
  frames: 2,
} as const

export function newSpinnerState(): Int32Array<SharedArrayBuffer> {
  const places = Object.keys(place).length
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT))
}

/** Sets a place to 1 and wakes the thread that waits for it. */
export function raise(state: Int32Array, index: number): void {
  Atomics.store(state, index, 1)
  Atomics.notify(state, index)
}
