import { fstatSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { isErrno, RunError, systemErrorText } from '../errors.js'

/** A stream that may be a terminal: process.stdout, process.stderr, or what stands for one. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** Its file descriptor; a stream without one counts as a pipe. */
  readonly fd?: number
  getColorDepth?(env?: object): number
}

/** One of the program's two output streams. */
export type Output = ReturnType<typeof createOutput>

/**
 * Wraps a stream. A reader that closes the pipe early (`flags … | head -1`) is not an error: the rest is
 * discarded. Once `signal` aborts, writing no longer waits for a slow reader.
 *
 * @param ignoreWriteErrors for messages: a run continues if they cannot be written
 */
export function createOutput(
  stream: OutputStream,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  { ignoreWriteErrors = false } = {},
) {
  const isTerminal = stream.isTTY === true
  const isCi = Boolean(env.CI) && env.CI !== 'false'
  let lost: NodeJS.ErrnoException | undefined
  stream.on('error', (error) => {
    lost = error
  })
  const check = () => {
    if (!lost || isErrno(lost, 'EPIPE') || ignoreWriteErrors) return
    throw new RunError(`cannot write to stdout: ${systemErrorText(lost)}`, { cause: lost })
  }
  return {
    stream,
    isTerminal,
    /** A terminal whose locale has no UTF-8: drawings must be ASCII. */
    isAscii: isTerminal && isAsciiOnly(env),
    /**
     * A terminal that can redraw a line, with a person watching: not the log of a CI job, which may call
     * itself a terminal and keeps every redraw.
     */
    canRedraw: isTerminal && env.TERM !== 'dumb' && !isCi,
    /** Is it read by another program? */
    isPipe: () => isPipe(stream.fd),
    /** The terminal's current width; 80 where there is none, or its size is unknown (0). */
    columns: () => stream.columns || 80,
    /**
     * Resolves when more may be written, so that a slow reader slows the run and loses nothing. Rejects with a
     * RunError if earlier text is lost (a full disk).
     */
    async write(text: string): Promise<void> {
      check()
      if (!lost && !stream.write(text)) await drained(stream, signal)
    },
    /** Resolves when everything written has been accepted; rejects as write does. */
    async flush(): Promise<void> {
      if (!lost && stream.writableLength > 0) await drained(stream, signal)
      // The error of the last write arrives one turn of the event loop later.
      await new Promise((resolve) => setImmediate(resolve))
      check()
    },
  }
}

function isPipe(fd: number | undefined): boolean {
  if (fd === undefined) return true
  const stats = fstatSync(fd)
  return stats.isFIFO() || stats.isSocket()
}

/** Waits until a stream has accepted its buffer or failed, or the signal aborts. */
function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of drainEvents) stream.off(event, done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return resolve()
    for (const event of drainEvents) stream.on(event, done)
    signal.addEventListener('abort', done)
    // A stream that was not full emits no 'drain'.
    stream.write('', done)
  })
}

const drainEvents = ['drain', 'error', 'close']

/** Does the terminal show only ASCII? As the locale says, in the order of POSIX; UTF-8 where none is set. */
export function isAsciiOnly(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale)
}

/** When output has color: decided by the terminal and the environment, always, or never. */
export const colorModes = ['auto', 'always', 'never'] as const
/** See `colorModes`; false, of `--no-color`, means never. */
export type ColorMode = (typeof colorModes)[number] | false

/**
 * Does output have color? `--color` takes precedence over NO_COLOR (no-color.org), that over
 * FORCE_COLOR, and that over what the stream is.
 */
export function hasColor(mode: ColorMode, isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (mode !== 'auto') return mode === 'always'
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}

/**
 * For the time that something is drawn on the last line: calls `erase` before the process ends or is
 * suspended (Ctrl-Z), and `redraw` when it continues. Gives the function that stops this.
 */
export function eraseOnSuspend(erase: () => void, redraw: () => void): () => void {
  const onSuspend = () => {
    erase()
    // Without a listener, the signal has its default effect: it stops the process.
    process.off('SIGTSTP', onSuspend)
    process.kill(process.pid, 'SIGTSTP')
  }
  const onContinue = () => {
    process.on('SIGTSTP', onSuspend)
    redraw()
  }
  // A second Ctrl-C ends the process at once.
  process.once('exit', erase)
  process.on('SIGTSTP', onSuspend)
  process.on('SIGCONT', onContinue)
  return () => {
    process.off('exit', erase)
    process.off('SIGTSTP', onSuspend)
    process.off('SIGCONT', onContinue)
  }
}

/**
 * Characters that a terminal obeys instead of showing: C0 and C1 controls, and those that change the
 * direction of the text around them.
 */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/** Makes text from outside safe to show: controls are replaced. */
export function escapeControls(text: string): string {
  return text.replace(controls, '\ufffd')
}

/** JSON on one line that is safe to show as well, with the same meaning. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    controls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
