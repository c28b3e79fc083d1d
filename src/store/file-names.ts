import type { Manifest } from './manifest.js'

/**
 * A file name, without its ending, made of a name from outside: `Viet Nam` becomes `Viet_Nam`. Letters
 * and digits of any script stay, with `'`, `.`, `(`, `)` and `-`; all else, path separators and control
 * characters among it, becomes `_`. Undefined where nothing usable is left.
 */
export function fileNameFrom(name: string): string | undefined {
  const spelt = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}'.()-]+/gu, '_')
  // A leading dot hides a file, a leading dash looks like an option, and Windows drops a dot at the end.
  const trimmed = cutToBytes(spelt.replace(/^[._-]+/, ''), longestBytes).replace(/[._]+$/, '')
  if (trimmed === '') return undefined
  // A reserved name stays one whatever comes behind its first dot.
  return isReserved(trimmed) ? `${trimmed.replaceAll('.', '_')}_` : trimmed
}

/** File systems take 255 bytes; the temporary file beside it needs some of them. */
const longestBytes = 120

function cutToBytes(text: string, max: number): string {
  let cut = ''
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > max) break
    cut += character
  }
  return cut
}

/** Windows keeps these for devices, whatever the ending. Two letters are the name of a flag by its code. */
function isReserved(name: string): boolean {
  return /^((con|prn|aux|nul|com\d|lpt\d)(\..*)?|[a-z]{2})$/i.test(name)
}

/**
 * Gives each flag a file name of its own: `Korea.gif` to the first that asks, `Korea_KP.gif` to the
 * next. What is on record counts as asked for, so a name stays with its flag. Capital and small letters
 * are the same here, as they are to some file systems.
 */
export function createNameAllocator(manifest: Manifest): (stem: string, code: string) => string {
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
