import leven from 'leven'
import { type Country, continents, countries, findCountry } from '../countries.js'
import { badValue } from '../errors.js'

/** The flag that a word stands for. */
export type FoundCode =
  | { readonly kind: 'code'; readonly code: string }
  /** The name of several countries. */
  | { readonly kind: 'ambiguous'; readonly countries: readonly Country[] }
  /** None; `suggestion` is the closest one. */
  | { readonly kind: 'unknown'; readonly suggestion: Country | undefined }

/** Shorter words are close to too many names. */
const minSuggestionLength = 5

/**
 * Finds the flag that a word stands for: a code in any form of ISO 3166-1 (`BR`, `BRA`, `076`), a
 * subdivision's (`GB-SCT`), or a name (`Brazil`, `Ivory Coast`). Case, accents and punctuation do not matter.
 * Two letters that are not a name are a code, assigned or not: the server decides.
 */
export function findCode(word: string): FoundCode {
  // Checked before it is capitalized: the capital of ß is SS.
  const code = /^[A-Za-z0-9-]+$/.test(word) ? word.toUpperCase() : ''
  const country = countryOf(code)
  if (country) return { kind: 'code', code: country.code }
  const named = getNames().get(nameKey(word)) ?? []
  const [first, second] = named
  if (first && !second) return { kind: 'code', code: first.code }
  if (first) return { kind: 'ambiguous', countries: named }
  if (/^[A-Z]{2}$/.test(code)) return { kind: 'code', code }
  return { kind: 'unknown', suggestion: suggest(nameKey(word), getNames()) }
}

/** The country with this code, in any of the standard's forms. */
function countryOf(code: string): Country | undefined {
  return (
    findCountry(code) ?? countries.find(({ alpha3, numeric }) => [alpha3, numeric].includes(code))
  )
}

/** The countries with all of these words in their codes or names; or, of several codes, that of each. */
export function searchCountries(
  words: readonly string[],
  known: readonly Country[],
): readonly Country[] {
  const coded = words.map((word) => countryOf(word.toUpperCase()))
  if (words.length > 1 && coded.every((country) => country !== undefined)) {
    return countries.filter((country) => coded.includes(country))
  }
  const wanted = words.map(normalize)
  return known.filter(({ code, alpha3, numeric, name, names }) => {
    const text = [code, alpha3 ?? '', numeric ?? '', name, ...names].map(normalize).join('\n')
    return wanted.every((word) => text.includes(word))
  })
}

/** The continent of this name, in any case. Throws UsageError if there is none. */
export function continentOf(region: string): string {
  const continent = findContinent(region)
  if (continent) return continent
  throw badValue('region', region, `one of ${continents.join(', ')}`)
}

/** The continent of this name, in any case. */
export function findContinent(text: string): string | undefined {
  return continents.find((name) => name.toLowerCase() === text.trim().toLowerCase())
}

/** The countries of each name; there may be several. */
type NameIndex = ReadonlyMap<string, readonly Country[]>

let nameIndex: NameIndex | undefined

/** Built when it is first needed: it takes milliseconds, and most runs are given codes only. */
function getNames(): NameIndex {
  nameIndex ??= indexNames()
  return nameIndex
}

function indexNames(): NameIndex {
  const index = new Map<string, Country[]>()
  for (const country of countries) {
    for (const key of new Set([country.name, ...country.names].map(nameKey))) {
      index.set(key, [...(index.get(key) ?? []), country])
    }
  }
  return index
}

/** A name without spaces either: `Viet Nam` is `Vietnam`. */
function nameKey(name: string): string {
  return normalize(name).replaceAll(' ', '')
}

/** A name in the form in which names are compared: `Côte d’Ivoire` becomes `cote d ivoire`. */
function normalize(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/\bst\b\.?/g, 'saint')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^the /, '')
}

/** The only country with the name closest to a misspelled one; undefined if none is close enough. */
function suggest(name: string, names: NameIndex): Country | undefined {
  if (name.length < minSuggestionLength) return undefined
  // Two edits in a short word leave too little of it.
  let maxDistance = name.length < 7 ? 1 : 2
  let nearest = new Set<Country>()
  for (const [candidate, named] of names) {
    if (candidate.length < minSuggestionLength) continue
    const distance = editDistance(name, candidate)
    if (distance > maxDistance) continue
    if (distance < maxDistance) nearest = new Set()
    maxDistance = distance
    for (const country of named) nearest.add(country)
  }
  const [only, second] = nearest
  return second ? undefined : only
}

/** Levenshtein's distance, with two swapped letters as one edit. */
function editDistance(a: string, b: string): number {
  // At least this many letters must be added.
  const lengthDifference = Math.abs(a.length - b.length)
  if (lengthDifference > 2) return lengthDifference
  const distance = leven(a, b)
  return distance === 2 && sortedLetters(a) === sortedLetters(b) ? 1 : distance
}

function sortedLetters(text: string): string {
  return [...text].sort().join('')
}

/** `FI (Finland)`. */
export function codeWithName({ code, name }: Country): string {
  return `${code} (${name})`
}
