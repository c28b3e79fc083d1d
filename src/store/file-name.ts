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

function cutToBytes(text: string, most: number): string {
  let cut = ''
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > most) break
    cut += character
  }
  return cut
}

/** Windows keeps these for devices, whatever the ending. Two letters are the name of a flag by its code. */
function isReserved(name: string): boolean {
  return /^((con|prn|aux|nul|com\d|lpt\d)(\..*)?|[a-z]{2})$/i.test(name)
}
