/** Makes text stand out, where that is wanted. */
export interface Colour {
  /** What went wrong. */
  bad(text: string): string
  /** What went well. */
  good(text: string): string
}

/** None: text as it is. */
export const plain: Colour = { bad: (text) => text, good: (text) => text }

/**
 * Colour on a terminal that has any, unless NO_COLOR (no-color.org) says otherwise; FORCE_COLOR wants
 * it everywhere. `--no-color` goes before both.
 */
export function colourFor(isTerminal: boolean, env: NodeJS.ProcessEnv, isWanted: boolean): Colour {
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0'
  const isPossible = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb' && env.FORCE_COLOR !== '0'
  if (!isWanted || !(isForced || isPossible)) return plain
  // SGR codes of ECMA-48: red and green, and back to the default.
  return {
    bad: (text) => `\u001b[31m${text}\u001b[39m`,
    good: (text) => `\u001b[32m${text}\u001b[39m`,
  }
}
