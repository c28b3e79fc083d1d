/** A text as one word of bash or zsh, whatever is in it. */
export function posixQuoted(text: string): string {
  return /^[\w./=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
