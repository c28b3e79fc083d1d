import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptEnd, AttemptStart, HostPause } from '../download/download-context.js'
import { hostPauseText, pauseText } from './format.js'
import { eraseOnSuspend, escapeControls, type Output } from './output.js'

/** Silence of less than this needs no explanation, milliseconds. */
const silenceMs = 1000

/** What a run is waiting for. */
export interface Wait {
  readonly text: string
  /** The same for narrow terminals. */
  readonly short: string
}

/** What a run is doing. */
export type Activity = ReturnType<typeof createActivity>

/** Follows what a run is doing. Times are milliseconds since the process started, as `startedAt` is. */
export function createActivity(startedAt: number) {
  const open = new Set<string>()
  const retrying = new Map<string, AttemptStart>()
  let pause: { host: string; until: number } | undefined
  let lastResultAt = startedAt
  let isStopping = false

  return {
    attemptStarted(attempt: AttemptStart): void {
      open.add(attempt.url)
      if (attempt.attempt > 1) retrying.set(attempt.code, attempt)
    },
    attemptEnded({ code, url, attempt, maxAttempts, retryInMs }: AttemptEnd): void {
      open.delete(url)
      if (retryInMs === undefined) retrying.delete(code)
      else retrying.set(code, { code, url, attempt: attempt + 1, maxAttempts })
    },
    hostPaused({ host, ms }: HostPause, now: number): void {
      const until = now + ms
      if (!pause || until > pause.until) pause = { host, until }
    },
    /** A flag has its result. */
    flagEnded(now: number): void {
      lastResultAt = now
    },
    /** The run was interrupted, and finishes what is in progress. */
    stopping(): void {
      isStopping = true
    },
    /** What the run is waiting for; undefined if results keep coming. */
    waitingFor(now: number): Wait | undefined {
      if (isStopping) return { text: 'stopping', short: 'stopping' }
      if (pause && now < pause.until) {
        const ms = pause.until - now
        return { text: hostPauseText({ host: pause.host, ms }), short: pauseText(ms) }
      }
      if (retrying.size > 0) return retryWait([...retrying.values()])
      if (now - lastResultAt < silenceMs || open.size === 0) return undefined
      const short = `waiting for ${open.size}`
      return { text: `${short} ${open.size === 1 ? 'response' : 'responses'}`, short }
    },
  }
}

function retryWait(attempts: readonly AttemptStart[]): Wait {
  const furthest = attempts.reduce((a, b) => (b.attempt > a.attempt ? b : a))
  const count = `${furthest.attempt} of ${furthest.maxAttempts}`
  const retrying = `retrying ${attempts.length}`
  return { text: `${retrying} (attempt ${count})`, short: `${retrying} (${count})` }
}

/** A shorter wait shows no spinner, which would only flicker; milliseconds. */
const patienceMs = 30

/** What a spinner says; a function is called for each frame. */
type Message = string | (() => string)

/**
 * Settles as a promise does, and shows a spinner meanwhile if that takes long and the output is a terminal
 * for it; there must be no bar on its last line.
 */
export async function spinWhile<T>(
  pending: Promise<T>,
  message: Message,
  output: Output,
): Promise<T> {
  if (!output.canRedraw) return pending
  const over = new AbortController()
  const spinning = spinLater(output, message, over.signal)
  try {
    return await pending
  } finally {
    over.abort()
    await spinning
  }
}

async function spinLater(output: Output, message: Message, signal: AbortSignal): Promise<void> {
  await sleep(patienceMs, undefined, { signal }).catch(() => {})
  await spin(output, message, signal)
}

/**
 * Turns a spinner on the last line of a terminal, as a task of the event loop, until the signal aborts
 * and it erases itself. Resolves to the frames drawn. Nothing else may be written there meanwhile.
 */
export async function spin(output: Output, message: Message, signal: AbortSignal): Promise<number> {
  const text = typeof message === 'string' ? () => message : message
  const erase = () => void output.write(eraseLine)
  // The next frame draws it again.
  const stopErasing = eraseOnSuspend(erase, () => {})
  let frames = 0
  try {
    while (!signal.aborted) {
      await output.write(spinnerFrame(frames, text(), output.columns()))
      frames += 1
      // It rejects only because the signal aborted, and that ends the loop.
      await sleep(frameMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    stopErasing()
    if (frames > 0) await output.write(eraseLine)
  }
  return frames
}

/** How long a frame of the spinner is shown, milliseconds. */
export const frameMs = 100

const hands = ['|', '/', '-', '\\'] as const

/** Clears the line and leaves the cursor at its start, where the spinner found it. */
export const eraseLine = '\r\u001b[K'

/** The spinner's line, `/ thinking!`; `index` counts the frames from 0. It never wraps. */
export function spinnerFrame(index: number, message: string, columns: number): string {
  // One column stays free: some terminals wrap when the last one is written.
  const text = `${hands[index % hands.length]} ${escapeControls(message)}`.slice(0, columns - 1)
  return eraseLine + text
}
