import { isoCountries } from '../countries.js'
import { badValue, shellQuoted, shortened, UsageError } from '../errors.js'
import { codeWithName, continentOf, findCode, findContinent } from './find-code.js'

/**
 * A request for flags, before it is expanded into codes.
 *
 * @example
 * import type { SelectionRequest } from 'flag-downloader'
 *
 * const request: SelectionRequest = { args: ['Brazil'], region: 'Oceania', exclude: 'AU' }
 */
export interface SelectionRequest {
  /** Codes, names and letters, alone or separated by commas: `BR`, `deu,392`, `South Korea`. @default none */
  readonly args?: readonly (string | ListedWord)[] | undefined
  /** Every ISO 3166-1 code. @default false */
  readonly all?: boolean | undefined
  /** AA to ZZ. @default false */
  readonly every?: boolean | undefined
  /** Every country of these continents, by their names in any case. @default none */
  readonly region?: string | readonly string[] | undefined
  /** Codes, names and letters to leave out, in a list or separated by commas. @default none */
  readonly exclude?: string | readonly string[] | undefined
  /** The maximum number of codes, after sorting. @default no limit */
  readonly limit?: number | undefined
  /** Keep the given order, instead of sorting. @default false */
  readonly keepOrder?: boolean | undefined
}

/** An entry of a list, and its place, for error messages: `codes.txt, line 3`. */
export interface ListedWord {
  readonly text: string
  readonly place: string
}

/**
 * The codes of a request.
 *
 * @example
 * import { type Selection, selectCodes } from 'flag-downloader'
 *
 * const { codes, explicitCodes }: Selection = selectCodes({ args: ['B', 'JP'] })
 * console.log(codes.length, [...explicitCodes].join()) // → 27 JP
 */
export interface Selection {
  /** In capital letters, without duplicates. */
  readonly codes: readonly string[]
  /** The codes given by code or name, and the default ones: each of them must be found. */
  readonly explicitCodes: ReadonlySet<string>
  /** The words of `exclude` that leave out no flag. */
  readonly unusedExclusions: readonly string[]
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The 20 most populous countries: the default selection. */
const defaultCodes: readonly string[] =
  'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'.split(' ')

/**
 * Expands a request into codes, as the command line does.
 *
 * @param request the words, and what to add and leave out; without any, the 20 most populous countries
 * @throws {UsageError} for a word that is not a code, a name or a letter, and for a wrong type
 *
 * @example
 * import { selectCodes } from 'flag-downloader'
 *
 * const { codes } = selectCodes({ args: ['Brazil', '392'], exclude: 'JP' })
 * console.log(codes.join()) // → BR
 */
export function selectCodes(request: SelectionRequest): Selection {
  return expandRequest(request, 'exclude')
}

/** As selectCodes; `excludeName` is what messages call the words to leave out. */
export function expandRequest(request: SelectionRequest, excludeName: string): Selection {
  checkRequest(request)
  const { args = [], exclude, limit, keepOrder } = request
  const explicitCodes = new Set<string>()
  const codes = new Set<string>()
  for (const word of args.flatMap(splitAtCommas)) addCodes(word, codes, explicitCodes)
  for (const code of groupCodes(request)) codes.add(code)

  if (codes.size === 0) {
    for (const code of defaultCodes) explicitCodes.add(code)
    for (const code of defaultCodes) codes.add(code)
  }
  const { left, unused } = withoutExcluded([...codes], exclude, excludeName)
  const ordered = keepOrder ? left : left.sort()
  return { codes: ordered.slice(0, limit), explicitCodes, unusedExclusions: unused }
}

function checkRequest(request: SelectionRequest): void {
  if (typeof request !== 'object' || request === null) {
    throw badValue('request', request, 'an object')
  }
  const { args = [], all, every, keepOrder, region, exclude, limit } = request
  if (!Array.isArray(args)) throw badValue('args', args, 'an array')
  for (const [name, value] of Object.entries({ all, every, keepOrder })) {
    if (!['boolean', 'undefined'].includes(typeof value))
      throw badValue(name, value, 'true or false')
  }
  for (const [name, value] of Object.entries({ region, exclude })) {
    const isList = Array.isArray(value) && value.every((word) => typeof word === 'string')
    if (!isList && !['string', 'undefined'].includes(typeof value))
      throw badValue(name, value, 'a string, or an array of strings')
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw badValue('limit', limit, 'a whole number, 1 or more')
  }
}

/** The codes that --region, --all and --every add. */
function groupCodes({ region, all, every }: SelectionRequest): string[] {
  return [
    ...toList(region).flatMap(codesOf),
    ...(all ? isoCountries.map(({ code }) => code) : []),
    ...(every ? alphabet.flatMap((first) => alphabet.map((second) => first + second)) : []),
  ]
}

function codesOf(region: string): string[] {
  const continent = continentOf(region)
  return isoCountries.filter((country) => country.continent === continent).map(({ code }) => code)
}

/**
 * What `exclude` leaves of these codes, and its words that leave out none of them. Throws UsageError, which
 * begins with `name`, for a word that is no flag, and if no code is left.
 */
export function withoutExcluded(
  codes: readonly string[],
  exclude: SelectionRequest['exclude'],
  name: string,
) {
  const excluded = new Set<string>()
  const unused: string[] = []
  for (const word of toList(exclude).flatMap(splitAtCommas)) {
    const text = typeof word === 'string' ? word.trim() : word.text
    if (findContinent(text) && !isKnown(text)) {
      throw new UsageError(`${name}: '${text}' is a continent: give codes or names of countries`)
    }
    const wordCodes = new Set<string>()
    addCodes({ text, place: name }, wordCodes, wordCodes)
    if (!codes.some((code) => wordCodes.has(code))) unused.push(text)
    for (const code of wordCodes) excluded.add(code)
  }
  const left = codes.filter((code) => !excluded.has(code))
  if (left.length === 0) throw new UsageError(`nothing selected: ${name} leaves no flag`)
  return { left, unused }
}

function toList(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}

/** `BR,CN` is two words, but a name may have a comma in it: `Korea, Republic of`. */
function splitAtCommas(word: string | ListedWord): (string | ListedWord)[] {
  if (typeof word !== 'string' || !word.includes(',') || isKnown(word)) return [word]
  return word.split(',').filter((part) => part.trim() !== '')
}

/** Does this text, as a whole, name a flag (or several)? */
export function isKnown(text: string): boolean {
  return findCode(text).kind !== 'unknown'
}

/** Adds the codes of a word to `codes`, and a single one to `explicitCodes` as well. */
function addCodes(word: string | ListedWord, codes: Set<string>, explicitCodes: Set<string>): void {
  const text = typeof word === 'string' ? word.trim() : word?.text
  if (typeof text !== 'string') throw badValue('args', word, 'strings')
  if (/^[A-Za-z]$/.test(text)) {
    for (const second of alphabet) codes.add(text.toUpperCase() + second)
    return
  }
  const code = codeNamed(text, typeof word === 'string' ? undefined : word.place)
  codes.add(code)
  explicitCodes.add(code)
}

/** The code of the only flag that a word names. Throws UsageError, which begins with the word's place. */
export function codeNamed(word: string, place?: string): string {
  const found = findCode(word)
  if (found.kind === 'code') return found.code
  const problem = problemWith(word, found)
  throw new UsageError(place === undefined ? problem : `${place}: ${problem}`)
}

function problemWith(text: string, found: Exclude<ReturnType<typeof findCode>, { kind: 'code' }>) {
  if (found.kind === 'ambiguous') {
    return `'${text}' is ambiguous: ${found.countries.map(codeWithName).join(' or ')}`
  }
  const continent = findContinent(text)
  if (continent) return `'${text}' is a continent: use --region ${shellQuoted(continent)}`
  const hint = found.suggestion
    ? `did you mean ${codeWithName(found.suggestion)}?`
    : "give a code (BR, BRA, 076), a name, or one letter for all codes that start with it; 'flags list --extra' prints all codes and names"
  return `unknown country '${shortened(text)}': ${hint}`
}
