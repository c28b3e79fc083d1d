import { countries, findCountry } from '../countries.js'
import { type FlagKey, type Manifest, manifestKey } from './manifest.js'

/** The name of a flag's file: a code, or the country's name in this package; else the alpha-2 code. */
export function fileNameOf(
  { code, format }: FlagKey,
  nameBy: 'code' | 'alpha3' | 'numeric' | 'country' = 'code',
): string {
  return `${stemFor(code, nameBy) ?? code.toLowerCase()}.${format}`
}

function stemFor(
  code: string,
  nameBy: 'code' | 'alpha3' | 'numeric' | 'country',
): string | null | undefined {
  if (nameBy === 'code') return undefined
  const { alpha3, numeric, name = '' } = findCountry(code) ?? {}
  switch (nameBy) {
    case 'alpha3':
      return alpha3?.toLowerCase()
    case 'numeric':
      return numeric
    case 'country':
      return fileNameFrom(name)
  }
}

/**
 * Makes a file name, without its ending, from a name from outside: `Viet Nam` becomes `Viet_Nam`. Letters and
 * digits of any script stay, with `'`, `.`, `(`, `)` and `-`; everything else, including path separators and
 * control characters, becomes `_`. Undefined if nothing usable is left.
 */
export function fileNameFrom(name: string): string | undefined {
  const replaced = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}'.()-]+/gu, '_')
  // A leading dot hides a file, a leading dash looks like an option, and Windows drops a dot at the end.
  const trimmed = truncate(replaced.replace(/^[._-]+/, ''), maxBytes).replace(/[._]+$/, '')
  if (trimmed === '') return undefined
  // A reserved name stays reserved whatever follows its first dot.
  return isReserved(trimmed) ? `${trimmed.replaceAll('.', '_')}_` : trimmed
}

/** File systems accept 255 bytes; the temporary file beside it needs some of them. */
const maxBytes = 120

function truncate(text: string, limit: number): string {
  let truncated = ''
  for (const character of text) {
    if (Buffer.byteLength(truncated + character) > limit) break
    truncated += character
  }
  return truncated
}

/** Windows reserves some names for devices, whatever the ending. Codes name other flags' files. */
function isReserved(name: string): boolean {
  if (/^((con|prn|aux|nul|(com|lpt)[\d¹²³])(\..*)?|[a-z]{2})$/i.test(name)) return true
  const upperCase = name.toUpperCase()
  return countries.some(({ code, alpha3, numeric }) => [code, alpha3, numeric].includes(upperCase))
}

/**
 * Allocates a unique file name to each flag: `Korea.gif` to the first that asks, `Korea_KP.gif` to the
 * next. A recorded flag keeps its name. Case does not matter, as in some file systems; of letters with
 * several lower-case forms, or one without an upper case, neither does the form (`ß`, `ſ`, `K`).
 */
export function createNameAllocator(manifest: Manifest): (stem: string, key: FlagKey) => string {
  const owners = new Map([...manifest].map(([key, { file }]) => [foldCase(file), key]))
  return (stem, flag) => {
    const key = manifestKey(flag)
    const isFree = (name: string) => [undefined, key].includes(owners.get(foldCase(name)))
    const { code, format } = flag
    const names = [`${stem}.${format}`, `${stem}_${code}.${format}`]
    // No country's name becomes a code.
    const file = names.find(isFree) ?? `${code.toLowerCase()}.${format}`
    owners.set(foldCase(file), key)
    return file
  }
}

function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase()
}
