// Renders what the embedded server serves and what the country codes are known by, from the
// flag-icons package: src/server/flags/*.gif and src/countries-data.ts. Neither is committed.
// The three-letter codes, which are known only to be told apart, are from i18n-iso-countries.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import isoCountries from 'i18n-iso-countries'
import pLimit from 'p-limit'
import sharp from 'sharp'

const WIDTH = 320

const flagIcons = new URL('../node_modules/flag-icons/', import.meta.url)
const flagsFolder = new URL('../src/server/flags/', import.meta.url)
const countriesModule = new URL('../src/countries-data.ts', import.meta.url)

/** @typedef {{ code: string, name: string, continent?: string, iso: boolean, flag_4x3: string }} Icon */

/** @type {Icon[]} */
const icons = JSON.parse(await readFile(new URL('country.json', flagIcons), 'utf8'))

await mkdir(flagsFolder, { recursive: true })
await copyFile(new URL('LICENSE', flagIcons), new URL('LICENSE', flagsFolder))

const limit = pLimit(availableParallelism())
await Promise.all(icons.map((icon) => limit(() => render(icon))))
await writeFile(countriesModule, countriesSource())

/** @param {Icon} icon */
async function render(icon) {
  await sharp(fileURLToPath(new URL(icon.flag_4x3, flagIcons)))
    .resize({ width: WIDTH })
    .flatten({ background: 'white' })
    .gif({ effort: 1 })
    .toFile(fileURLToPath(new URL(`${icon.code}.gif`, flagsFolder)))
}

function countriesSource() {
  const countries = icons
    // Two letters only, and not XX, which is flag-icons' drawing for "unknown".
    .filter((icon) => /^[a-z]{2}$/.test(icon.code) && icon.code !== 'xx')
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((icon) => ({
      code: icon.code.toUpperCase(),
      alpha3: (icon.iso && isoCountries.alpha2ToAlpha3(icon.code.toUpperCase())) || null,
      name: icon.name,
      // flag-icons gives the uninhabited territories around the South Pole (AQ, BV, HM) none.
      continent: icon.continent ?? (icon.iso ? 'Antarctica' : null),
      isIso3166: icon.iso,
    }))
  return `// Written by scripts/render-flags.js from flag-icons (MIT). Do not edit.

export const countries = ${JSON.stringify(countries, null, 2)}
`
}
