import { InvalidArgumentError } from '@commander-js/extra-typings'
import { describeRange, isInRange, type NumberRange } from '../download/settings.js'
import { UsageError } from '../endings/usage-error.js'

/** A parser for an option that takes a number; `scale` turns the option's unit into the range's. */
export function numberIn(range: NumberRange, scale = 1): (text: string) => number {
  const shown = { ...range, least: range.least / scale, most: range.most / scale }
  return (text) => {
    // Number() alone would take '' and ' ' for 0, and 0x10 for 16.
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) * scale : Number.NaN
    if (!isInRange(value, range)) throw new InvalidArgumentError(`Give ${describeRange(shown)}.`)
    return value
  }
}

/** A parser for an option that takes several numbers, with commas between them. */
export function numbersIn(range: NumberRange): (text: string) => readonly number[] {
  return (text) => text.split(',').map(numberIn(range))
}

/** A parser for an option whose text has to pass a check that throws UsageError. */
export function checked(check: (text: string) => unknown): (text: string) => string {
  return (text) => {
    try {
      check(text)
      return text
    } catch (error) {
      if (error instanceof UsageError) throw new InvalidArgumentError(`${error.message}.`)
      throw error
    }
  }
}

/** Parses `2` or `0.5-5`, seconds, to a range of milliseconds. */
export function rangeOfSeconds(text: string): [least: number, most: number] {
  const match = /^(\d*\.?\d+)(?:-(\d*\.?\d+))?$/.exec(text)
  const least = Number(match?.[1]) * 1000
  const most = Number(match?.[2] ?? match?.[1]) * 1000
  if (!(least <= most && most <= 3_600_000)) {
    throw new InvalidArgumentError('Give seconds (2) or a range of them (0.5-5), up to 3600.')
  }
  return [least, most]
}

/** A parser for an option whose text must not be empty, as that of a variable that is not set would be. */
export function nonEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.')
  return text
}
