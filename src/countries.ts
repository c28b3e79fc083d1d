import { countriesJson } from './countries-data.js'

/** A country or territory, with the data of flag-icons. */
export interface Country {
  /** Two capital letters; ISO 3166-1 alpha-2 where `isIso3166`. */
  readonly code: string
  /** ISO 3166-1 alpha-3, three capital letters; null outside the standard. */
  readonly alpha3: string | null
  /** ISO 3166-1 numeric, three digits; null outside the standard. */
  readonly numeric: string | null
  /** Its short English name. */
  readonly name: string
  /** Its other names: formal, former, and common ones. */
  readonly names: readonly string[]
  /** One of the seven continents; null if it lies on none (EU, UN). */
  readonly continent: string | null
  /** False for the few codes outside the standard that also have a flag (EU, UN, XK). */
  readonly isIso3166: boolean
}

/** Every country, and what else has a flag, sorted by code. */
export const countries: readonly Country[] = JSON.parse(countriesJson)

/** The 249 countries of ISO 3166-1, sorted by code. */
export const isoCountries: readonly Country[] = countries.filter((country) => country.isIso3166)

/** The continents of those countries, sorted by name. */
export const continents: readonly string[] = [
  ...new Set(isoCountries.flatMap(({ continent }) => continent ?? [])),
].sort()

const byCode = new Map(countries.map((country) => [country.code, country]))

/** The country with this code (two capital letters). */
export function findCountry(code: string): Country | undefined {
  return byCode.get(code)
}
