import { type Country, continents, isoCountries } from '../countries/country.js'
import { UsageError } from '../endings/usage-error.js'
import { nearest } from '../spelling/nearest.js'

/**
 * The countries of ISO 3166-1, sorted by code: those of a continent (its name in any case), or all
 * where none is given. Throws UsageError for what is no continent.
 */
export function countriesIn(region: string | undefined): readonly Country[] {
  if (region === undefined) return isoCountries
  const continent = continents.find((name) => name.toLowerCase() === region.toLowerCase())
  if (!continent) throw new UsageError(badRegion(region))
  return isoCountries.filter((country) => country.continent === continent)
}

function badRegion(region: string): string {
  const meant = nearest(region, continents)
  const guess = meant ? `, did you mean '${meant}'?` : ':'
  return `bad region '${region}'${guess} give one of ${continents.join(', ')}`
}
