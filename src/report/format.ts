import { styleText } from 'node:util'
import type { HostPause } from '../download/download-context.js'
import type { FlagResult, Tally } from '../download/result.js'
import type { Summary } from './result-writers.js'
import { escapeControls } from './sanitize.js'

/** Colors a text; the identity where there is no color. */
export interface Colors {
  bad(text: string): string
  good(text: string): string
}

/** Texts as they are. */
export const noColors: Colors = { bad: (text) => text, good: (text) => text }

const ansiColors: Colors = {
  bad: (text) => styleText('red', text, { validateStream: false }),
  good: (text) => styleText('green', text, { validateStream: false }),
}

/**
 * Colors on a terminal that has them, unless NO_COLOR (no-color.org) is set; FORCE_COLOR asks for them
 * everywhere. `isWanted`, the option `--no-color`, takes precedence over both.
 */
export function colorsFor(isTerminal: boolean, env: NodeJS.ProcessEnv, isWanted: boolean): Colors {
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0'
  const isPossible = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb' && env.FORCE_COLOR !== '0'
  return isWanted && (isForced || isPossible) ? ansiColors : noColors
}

/** `BR saved 1.2 kB in 12 ms`. */
export function resultLine(result: FlagResult, colors: Colors): string {
  const { code, durationMs, attempts } = result
  const timing = `in ${durationMs} ms${attemptsText(attempts)}`
  const url = escapeControls(result.url)
  switch (result.status) {
    case 'saved':
      return `${code} saved ${bytesText(result.bytes)} ${timing}${noteText(result)}`
    case 'unchanged':
      return `${code} unchanged ${timing}${noteText(result)}`
    case 'not_found':
      return `${code} ${colors.bad('not found')}: ${url}`
    case 'failed': {
      const reason = escapeControls(result.failure.message)
      return `${code} ${colors.bad('failed')}: ${url}: ${reason}${attemptsText(attempts)}`
    }
  }
}

/** `20 flags saved in 0.31s to downloaded`. */
export function summaryLine(summary: Summary, colors: Colors): string {
  const { total, selected, saved, unchanged, durationMs, output, exitCode } = summary
  const early = total < selected ? `stopped after ${total} of ${selected} flags: ` : ''
  const seconds = (durationMs / 1000).toFixed(2)
  const color = exitCode === 0 ? colors.good : colors.bad
  const where = saved + unchanged > 0 ? ` to ${escapeControls(output)}` : ''
  return `${color(early + flagsText(summary))} in ${seconds}s${where}`
}

/** `12 saved, 1 failed`. */
export function tallyText(tally: Tally): string {
  return tallyParts(tally)
    .map(([count, status]) => `${count} ${status}`)
    .join(', ')
}

/** `waiting 12 s for example.org`. */
export function hostPauseText({ host, ms }: HostPause): string {
  return `waiting ${Math.ceil(ms / 1000)} s for ${escapeControls(host)}`
}

/** As tallyText, with the noun: `12 flags saved, 1 failed`. */
function flagsText(tally: Tally): string {
  const [first = [0, 'saved'], ...rest] = tallyParts(tally)
  const [count, status] = first
  const others = rest.map(([count, status]) => `, ${count} ${status}`).join('')
  return `${count} ${count === 1 ? 'flag' : 'flags'} ${status}${others}`
}

function tallyParts(tally: Tally): (readonly [count: number, status: string])[] {
  const { saved, unchanged, notFound, failed } = tally
  const parts = [
    [saved, 'saved'],
    [unchanged, 'unchanged'],
    [notFound, 'not found'],
    [failed, 'failed'],
  ] as const
  return parts.filter(([count]) => count > 0)
}

/** Why the file of a flag is not named after its country. */
function noteText({ path, note }: { path: string; note?: string | undefined }): string {
  return note ? `, as ${escapeControls(path)}: ${escapeControls(note)}` : ''
}

function attemptsText(attempts: number): string {
  return attempts > 1 ? ` after ${attempts} attempts` : ''
}

function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}
