/** When output has color: decided by the terminal and the environment, always, or never. */
export const colorModes = ['auto', 'always', 'never'] as const
/** See `colorModes`; false, of `--no-color`, means never. */
export type ColorMode = (typeof colorModes)[number] | false

/**
 * Does output have color? `--color` takes precedence over NO_COLOR (no-color.org), that over
 * FORCE_COLOR, and that over what the stream is.
 */
export function hasColor(mode: ColorMode, isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (mode !== 'auto') return mode === 'always'
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}

/** Does the terminal show only ASCII? As the locale says, in the order of POSIX; UTF-8 where none is set. */
export function isAsciiOnly(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale)
}
