import type { Manifest } from './manifest.js'

/**
 * Gives each flag a file name of its own: `Korea.gif` to the first that asks, `Korea_KP.gif` to the
 * next. What is on record counts as asked for, so a name stays with its flag. Capital and small letters
 * are the same here, as they are to some file systems.
 */
export function createClaims(manifest: Manifest): (stem: string, code: string) => string {
  const owners = new Map([...manifest].map(([code, { file }]) => [file.toLowerCase(), code]))
  return (stem, code) => {
    const own = `${stem}_${code}.gif`
    const owner = owners.get(`${stem}.gif`.toLowerCase())
    const file = owner === undefined || owner === code ? `${stem}.gif` : own
    owners.set(file.toLowerCase(), code)
    return file
  }
}
