import leven from 'leven'
import { isoCountries } from '../countries.js'

/** The code that a misspelled one or a country's name was probably meant to be: `GBR`, `Brasil`. */
export function suggestCode(text: string): string | undefined {
  const upper = text.toUpperCase()
  const byAlpha3 = isoCountries.find(({ alpha3 }) => alpha3 === upper)
  if (byAlpha3) return byAlpha3.code
  if (text.length < 4) return undefined
  const name = closestMatch(
    text,
    isoCountries.map((country) => country.name),
  )
  return isoCountries.find((country) => country.name === name)?.code
}

/** The candidate nearest to a misspelled text, in any case; undefined where none is near. */
export function closestMatch(text: string, candidates: Iterable<string>): string | undefined {
  // A third of the letters may be wrong: beyond that, a suggestion puzzles more than it helps.
  let maxDistance = Math.ceil(text.length / 3)
  let closest: string | undefined
  for (const candidate of candidates) {
    if (Math.abs(text.length - candidate.length) > maxDistance) continue
    const distance = leven(text.toLowerCase(), candidate.toLowerCase())
    if (distance <= maxDistance) [maxDistance, closest] = [distance - 1, candidate]
  }
  return closest
}
