/**
 * Characters that make a terminal do something rather than show something: C0 and C1 controls, and
 * those that turn the direction of the text around them.
 */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/** Text from outside, made safe to show: what a terminal would obey is replaced. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd')
}

/** JSON on one line that is safe to show as well; it still means the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
