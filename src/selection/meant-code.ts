import { isoCountries } from '../countries/country.js'
import { nearest } from '../spelling/nearest.js'

/** The country code that a word which is none was probably meant to be: `GBR`, `Brasil`. */
export function meantCode(word: string): string | undefined {
  const upper = word.toUpperCase()
  const byAlpha3 = isoCountries.find(({ alpha3 }) => alpha3 === upper)
  if (byAlpha3) return byAlpha3.code
  if (word.length < 4) return undefined
  const name = nearest(
    word,
    isoCountries.map((country) => country.name),
  )
  return isoCountries.find((country) => country.name === name)?.code
}
