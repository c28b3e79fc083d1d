import { getSystemErrorMap } from 'node:util'

/**
 * A code or an option is wrong: exit status 2. Its message is one line.
 *
 * @example
 * import { selectCodes, UsageError } from 'flag-downloader'
 *
 * try {
 *   selectCodes({ args: ['Finlnd'] })
 * } catch (error) {
 *   if (error instanceof UsageError) console.log(error.message) // → unknown country 'Finlnd': did you mean FI (Finland)?
 * }
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The error for an option's value; only texts and numbers are shown. */
export function badValue(name: string, value: unknown, expected: string): UsageError {
  const isShown = typeof value === 'string' || typeof value === 'number'
  const shown = isShown ? ` '${shortened(String(value))}'` : ''
  return new UsageError(`invalid ${name}${shown}: give ${expected}`)
}

/** The beginning of a text, for a message; of a URL, the beginning and the end. */
export function shortened(text: string): string {
  if (!text.includes('://')) return text.length > 40 ? `${text.slice(0, 40)}…` : text
  return text.length > 80 ? `${text.slice(0, 39)}…${text.slice(-40)}` : text
}

/** A word of a command line to copy: in quotes, where a shell would split or expand it. */
export function shellQuoted(word: string, platform = process.platform): string {
  if (/^[\p{L}\p{N}_./:@%+=,-]+$/u.test(word)) return word
  if (platform === 'win32') return `"${word.replaceAll('"', '""')}"`
  // In double quotes, which stand out in a sentence, POSIX shells and bash expand these.
  const isLiteral = !/["$`\\!]/.test(word)
  return isLiteral ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * The run as a whole cannot start or continue (disk, port): exit status 3. `cause` is the system's error.
 *
 * @example
 * import { downloadFlags, RunError } from 'flag-downloader'
 *
 * try {
 *   for await (const { code } of downloadFlags(['BR'], { output: '/dev/null' })) console.log(code)
 * } catch (error) {
 *   console.log(error instanceof RunError) // → true
 * }
 */
export class RunError extends Error {
  override readonly name = 'RunError'
}

/** The signals that interrupt the program. */
export const interruptSignals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
export type InterruptSignal = (typeof interruptSignals)[number]

/** A signal interrupted the process. It is the abort reason of a run's AbortSignal. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt'
  readonly signal: InterruptSignal

  constructor(signal: InterruptSignal) {
    super(`interrupted by ${signal}`)
    this.signal = signal
  }
}

/** Is this a system error with one of these codes, such as `ENOENT`? */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** Describes a failed system call, with its error code: `no space left on device (ENOSPC)`. */
export function systemErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { errno, code } = error as NodeJS.ErrnoException
  // Node's own text adds the call and the path, which our messages name already.
  const text =
    systemErrorTexts.get(code) ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? error.message
  return code ? `${text} (${code})` : text
}

/** Where the system's own text says too little. */
const systemErrorTexts: ReadonlyMap<string | undefined, string> = new Map([
  ['EISDIR', 'it is a folder'],
])

/** Waits for a file to be written; a failure becomes a RunError that names the file. */
export async function withWriteError(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw new RunError(`cannot write ${path}: ${systemErrorText(error)}`, { cause: error })
  }
}
