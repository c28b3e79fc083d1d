// Writes src/countries-data.ts: codes, names and continents, from the flag-icons and i18n-iso-countries
// packages. Not committed.

import { readFile, writeFile } from 'node:fs/promises'
import isoCountries from 'i18n-iso-countries'
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' }

/** @typedef {{ code: string, name: string, continent?: string, iso: boolean }} Icon */

/** @type {Icon[]} */
const icons = JSON.parse(await readFile('node_modules/flag-icons/country.json', 'utf8'))
const displayNames = new Intl.DisplayNames('en', { type: 'region' })
const packageNames = /** @type {Record<string, string | string[]>} */ (english.countries)

/** Common names and codes that the packages lack: former, short and foreign ones. */
const aliases = {
  AE: ['Emirates'],
  BA: ['Bosnia'],
  CD: ['DRC', 'Zaire', 'DR Congo', 'Congo-Kinshasa'],
  CG: ['Congo-Brazzaville'],
  CV: ['Cabo Verde'],
  CZ: ['Czechia'],
  FM: ['Micronesia'],
  GB: ['UK', 'Britain', 'Great Britain'],
  GR: ['EL', 'Hellas'],
  KP: ['DPRK', 'Korea'],
  KR: ['Korea'],
  LK: ['Ceylon'],
  MK: ['Macedonia'],
  MM: ['Burma'],
  NL: ['Holland'],
  SZ: ['Swaziland'],
  TL: ['East Timor'],
  US: ['America'],
  VA: ['Vatican', 'Vatican City'],
}

const countries = icons
  // XX is flag-icons' drawing for "unknown".
  .filter(({ code }) => code !== 'xx')
  .map(countryOf)
  .sort((a, b) => (a.code < b.code ? -1 : 1))

await writeFile(
  'src/countries-data.ts',
  `// Written by scripts/country-data.js from flag-icons and i18n-iso-countries (both MIT). Do not edit.

// As JSON, which is parsed faster than an object literal.
export const countriesJson: string = ${JSON.stringify(JSON.stringify(countries))}
`,
)

/** @param {Icon} icon */
function countryOf({ code: lowerCase, name, continent, iso }) {
  const code = lowerCase.toUpperCase()
  const names = [
    name,
    ...[packageNames[code] ?? []].flat(),
    ...(iso ? [displayNames.of(code) ?? name] : []),
    ...(aliases[/** @type {keyof typeof aliases} */ (code)] ?? []),
  ]
  return {
    code,
    alpha3: (iso && isoCountries.alpha2ToAlpha3(code)) || null,
    numeric: (iso && isoCountries.alpha2ToNumeric(code)) || null,
    name,
    names: [...new Set(names)].slice(1),
    // flag-icons gives the uninhabited territories around the South Pole (AQ, BV, HM) none.
    continent: continent ?? (iso ? 'Antarctica' : null),
    isIso3166: iso,
  }
}
