import { isoCountries } from '../countries.js'
import { UsageError } from '../errors.js'
import type { ListedCode } from './code-list.js'
import { suggestCode } from './suggest.js'

/** A request for flags, before it is expanded into codes. */
export interface SelectionRequest {
  /** Codes (`BR`) and letters (`B`), in either case. */
  readonly args: readonly (string | ListedCode)[]
  /** Every ISO 3166-1 code. */
  readonly all?: boolean | undefined
  /** AA to ZZ. */
  readonly every?: boolean | undefined
  /** The maximum number of codes, after sorting. */
  readonly limit?: number | undefined
}

/** The codes of a request. */
export interface Selection {
  /** Two capital letters each, sorted, without duplicates. */
  readonly codes: readonly string[]
  /** The codes given by themselves, and the default ones: each of them must be found. */
  readonly explicitCodes: ReadonlySet<string>
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The 20 most populous countries: the default selection. */
const defaultCodes: readonly string[] =
  'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'.split(' ')

/** Expands a request into codes. Throws UsageError for an argument that is neither code nor letter. */
export function selectCodes({ args, all, every, limit }: SelectionRequest): Selection {
  const explicitCodes = new Set<string>()
  const codes = new Set<string>()

  for (const argument of args) {
    const text = textOf(argument)
    const code = toCode(text)
    const letter = /^[A-Za-z]$/.test(text) ? text.toUpperCase() : undefined
    if (code) explicitCodes.add(code)
    else if (letter) for (const second of alphabet) codes.add(letter + second)
    else throw new UsageError(badCode(argument))
  }
  if (all) for (const country of isoCountries) codes.add(country.code)
  if (every) for (const first of alphabet) for (const second of alphabet) codes.add(first + second)

  if (codes.size + explicitCodes.size === 0)
    for (const code of defaultCodes) explicitCodes.add(code)
  for (const code of explicitCodes) codes.add(code)
  return { codes: [...codes].sort().slice(0, limit), explicitCodes }
}

/** The code that a text is, in either case; the server decides whether it is assigned. */
export function toCode(text: string): string | undefined {
  // Checked before it is capitalized: the capital of ß is SS.
  return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : undefined
}

function textOf(argument: string | ListedCode): string {
  return typeof argument === 'string' ? argument : argument.text
}

function badCode(argument: string | ListedCode): string {
  const text = textOf(argument)
  const place = typeof argument === 'string' ? '' : `${argument.place}: `
  const suggestion = suggestCode(text)
  const hint = suggestion ? `did you mean ${suggestion}? Give` : 'give'
  return `${place}bad country code '${shortened(text)}': ${hint} two letters (BR), or one letter for all that start with it (B)`
}

/** A "word" of a file that is no list may be as long as the file. */
function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
