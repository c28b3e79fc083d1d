import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The licenses of the bundled packages, which must ship with them.
 *
 * @param {readonly import('esbuild').Metafile[]} metafiles
 */
export async function thirdPartyLicenses(metafiles) {
  const folders = new Set(
    metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageFolder)),
  )
  const texts = await Promise.all([...folders].sort().map(licenseOf))
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

/** @param {string} file */
function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []
}

/** @param {string} folder */
async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  )
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  // Some packages only name their license.
  if (!file && license) return `${name} ${version}\n\nLicense: ${license}\n`
  if (!file) throw new Error(`${name} is bundled, and there is no license with it`)
  return `${name} ${version}\n\n${await readFile(join(folder, file), 'utf8')}`
}
