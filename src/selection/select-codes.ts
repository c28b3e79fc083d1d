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

/** A request, spelled out. */
export interface Selection {
  /** Two capital letters each, sorted, no code twice. */
  readonly codes: readonly string[]
  /** Those named outright, and the default ones: not to find one of these is a failure. */
  readonly named: ReadonlySet<string>
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Spells a request out into codes. Throws UsageError for a word that is no code and no letter. */
export function selectCodes({ words, all, every, limit }: SelectionRequest): Selection {
  const named = new Set<string>()
  const codes = new Set<string>()

  for (const word of words) {
    const text = textOf(word)
    const code = asCode(text)
    const letter = /^[A-Za-z]$/.test(text) ? text.toUpperCase() : undefined
    if (code) named.add(code)
    else if (letter) for (const second of alphabet) codes.add(letter + second)
    else throw new UsageError(badWord(word))
  }
  if (all) for (const country of isoCountries) codes.add(country.code)
  if (every) for (const first of alphabet) for (const second of alphabet) codes.add(first + second)

  for (const code of named) codes.add(code)
  if (codes.size === 0) {
    for (const code of defaultCodes) {
      codes.add(code)
      named.add(code)
    }
  }
  return { codes: [...codes].sort().slice(0, limit), named }
}

/** The code that this text is, in either case; whether it is assigned is for the server to say. */
export function asCode(text: string): string | undefined {
  // Looked at before it is made capital: the capital of ß is SS.
  return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : undefined
}

function textOf(word: string | ListedWord): string {
  return typeof word === 'string' ? word : word.text
}

function badWord(word: string | ListedWord): string {
  const text = textOf(word)
  const place = typeof word === 'string' ? '' : `${word.place}: `
  const meant = meantCode(text)
  const guess = meant ? `did you mean ${meant}? Give` : 'give'
  return `${place}bad country code '${shortened(text)}': ${guess} two letters (BR), or one letter for all that start with it (B)`
}

/** A word of a file that is no list may be as long as the file. */
function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
