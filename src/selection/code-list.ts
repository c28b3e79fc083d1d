/** A word of a list of codes, and where it stands, for complaints: `codes.txt, line 3`. */
export interface ListedWord {
  readonly text: string
  readonly place: string
}

/**
 * The words of a list of codes: separated by white space or commas; `#` starts a comment that ends
 * with the line. `name` is what the list is called.
 */
export function parseCodeList(list: string, name: string): ListedWord[] {
  const lines = list.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  return lines.flatMap((line, index) =>
    line
      .replace(/#.*/, '')
      .split(/[\s,]+/)
      .filter((word) => word !== '')
      .map((text) => ({ text, place: `${name}, line ${index + 1}` })),
  )
}
