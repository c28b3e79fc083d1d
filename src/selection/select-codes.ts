import { isoCountries } from '../countries/country.js'
import { UsageError } from '../endings/usage-error.js'
import type { ListedWord } from './code-list.js'
import { defaultCodes } from './default-codes.js'
import { meantCode } from './meant-code.js'

/** What the user asked for, before it is spelled out. */
export interface SelectionRequest {
  /** Codes (`BR`) and letters (`B`), in either case. */
  readonly words: readonly (string | ListedWord)[]
  /** Every ISO 3166-1 code. */
  readonly all?: boolean | undefined
  /** AA to ZZ. */
  readonly every?: boolean | undefined
  /** Keep only the first so many. */
  readonly limit?: number | undefined
}

export interface Selection {
  /** Two capital letters each, sorted, no code twice. */
  readonly codes: readonly string[]
  /** Those that were named outright: not to find one of these is a failure. */
  readonly named: ReadonlySet<string>
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Spells a request out into codes. Throws UsageError for a word that is no code and no letter. */
export function selectCodes({ words, all, every, limit }: SelectionRequest): Selection {
  const named = new Set<string>()
  const codes = new Set<string>()

  for (const word of words) {
    const upper = textOf(word).toUpperCase()
    if (isCode(upper)) named.add(upper)
    else if (/^[A-Z]$/.test(upper)) for (const second of alphabet) codes.add(upper + second)
    else throw new UsageError(badWord(word))
  }
  if (all) for (const country of isoCountries) codes.add(country.code)
  if (every) for (const first of alphabet) for (const second of alphabet) codes.add(first + second)

  for (const code of named) codes.add(code)
  if (codes.size === 0) for (const code of defaultCodes) codes.add(code)
  return { codes: [...codes].sort().slice(0, limit), named }
}

/** Is this text two capital letters? Whether the code is assigned is for the server to say. */
export function isCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text)
}

function textOf(word: string | ListedWord): string {
  return typeof word === 'string' ? word : word.text
}

function badWord(word: string | ListedWord): string {
  const text = textOf(word)
  const place = typeof word === 'string' ? '' : `${word.place}: `
  const meant = meantCode(text)
  const guess = meant ? `did you mean ${meant}? Give` : 'give'
  return `${place}bad country code '${text}': ${guess} two letters (BR), or one letter for all that start with it (B)`
}
