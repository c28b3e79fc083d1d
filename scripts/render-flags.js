// Renders the files of the embedded server from the flag-icons package, in the layout in which they are
// served: src/server/flags/br/br.gif, br.png, br.svg, br.webp and metadata.json. Not committed.

import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import sharp from 'sharp'

const WIDTH = 320

const flagIcons = new URL('../node_modules/flag-icons/', import.meta.url)
const flagsFolder = new URL('../src/server/flags/', import.meta.url)

/** @typedef {{ code: string, name: string, continent?: string, iso: boolean, flag_4x3: string }} Icon */

/** @type {Icon[]} */
const icons = JSON.parse(await readFile(new URL('country.json', flagIcons), 'utf8'))

await rm(flagsFolder, { recursive: true, force: true })
await mkdir(flagsFolder)
await copyFile(new URL('LICENSE', flagIcons), new URL('LICENSE', flagsFolder))

const limit = pLimit(availableParallelism())
// XX is flag-icons' drawing for "unknown".
await Promise.all(
  icons.filter(({ code }) => code !== 'xx').map((icon) => limit(() => render(icon))),
)

/** @param {Icon} icon */
async function render({ code, name, continent, iso, flag_4x3 }) {
  const folder = new URL(`${code}/`, flagsFolder)
  await mkdir(folder)
  const source = new URL(flag_4x3, flagIcons)
  const image = sharp(fileURLToPath(source)).resize({ width: WIDTH })
  const target = (/** @type {string} */ ending) =>
    fileURLToPath(new URL(`${code}.${ending}`, folder))
  // Quality chooses the number of colors. GIF has no such setting, so it gets those of the PNG.
  const png = await image.clone().png({ palette: true, quality: 85 }).toBuffer()
  await Promise.all([
    writeFile(target('png'), png),
    sharp(png).flatten({ background: 'white' }).gif({ effort: 1, dither: 0 }).toFile(target('gif')),
    image.clone().webp({ quality: 60, effort: 5 }).toFile(target('webp')),
    copyFile(source, target('svg')),
  ])
  const metadata = {
    iso_cc: iso ? code.toUpperCase() : null,
    country: name,
    // flag-icons gives the uninhabited territories around the South Pole (AQ, BV, HM) none.
    continent: continent ?? (iso ? 'Antarctica' : null),
  }
  await writeFile(new URL('metadata.json', folder), `${JSON.stringify(metadata)}\n`)
}
