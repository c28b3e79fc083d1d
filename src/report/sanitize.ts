/**
 * Characters that a terminal obeys instead of showing: C0 and C1 controls, and those that change the
 * direction of the text around them.
 */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

/** Makes text from outside safe to show: controls are replaced. */
export function escapeControls(text: string): string {
  return text.replace(controls, '\ufffd')
}

/** JSON on one line that is safe to show as well, with the same meaning. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    controls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
