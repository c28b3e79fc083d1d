import type { Manifest } from './manifest.js'

/**
 * Gives each flag a file name of its own: `Korea.gif` to the first that asks, `Korea_KP.gif` to the
 * next. What is on record counts as asked for, so a name stays with its flag. Capital and small letters
 * are the same here, as they are to some file systems.
 */
export function createClaims(manifest: Manifest): (stem: string, code: string) => string {
  const owners = new Map([...manifest].map(([code, { file }]) => [file.toLowerCase(), code]))
  return (stem, code) => {
    const isFree = (file: string) => [undefined, code].includes(owners.get(file.toLowerCase()))
    const names = [`${stem}.gif`, `${stem}_${code}.gif`]
    // Its code is a name that no country's is made into.
    const file = names.find(isFree) ?? `${code.toLowerCase()}.gif`
    owners.set(file.toLowerCase(), code)
    return file
  }
}
