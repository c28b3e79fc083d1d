import type { Wait } from '../download/fetch-with-retries.js'
import type { FlagResult } from '../download/result.js'
import type { Tally } from '../download/tally.js'
import type { Colour } from './colour.js'
import { printable } from './printable.js'
import type { Summary } from './reporter.js'

/** A flag's end, for people: `BR saved 1.2 kB in 12 ms`. */
export function resultLine(result: FlagResult, colour: Colour): string {
  const effort = `in ${result.durationMs} ms${triesText(result.attempts)}`
  switch (result.status) {
    case 'saved':
      return `${result.code} saved ${bytesText(result.bytes)} ${effort}${noteText(result)}`
    case 'unchanged':
      return `${result.code} unchanged ${effort}${noteText(result)}`
    case 'not_found':
      return `${result.code} ${colour.bad('not found')}: ${printable(result.url)}`
    case 'failed':
      return `${result.code} ${colour.bad('failed')}: ${printable(result.url)}: ${printable(result.failure.message)}${triesText(result.attempts)}`
  }
}

/** `20 flags saved in 0.31s to downloaded`. */
export function summaryLine(summary: Summary, colour: Colour): string {
  const { total, selected, saved, unchanged, durationMs, output, exitCode } = summary
  const cut = total < selected ? `stopped after ${total} of ${selected} flags: ` : ''
  const seconds = (durationMs / 1000).toFixed(2)
  const paint = exitCode === 0 ? colour.good : colour.bad
  const where = saved + unchanged > 0 ? ` to ${printable(output)}` : ''
  return `${paint(cut + flagsText(summary))} in ${seconds}s${where}`
}

/** `12 saved, 1 failed`: the ways in which flags ended so far. */
export function tallyText(tally: Tally): string {
  return tallyParts(tally)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ')
}

/** `waiting 12 s for example.org`. */
export function waitLine({ host, ms }: Wait): string {
  return `waiting ${Math.ceil(ms / 1000)} s for ${printable(host)}`
}

/** As tallyText, but says of what: `12 flags saved, 1 failed`. */
function flagsText(tally: Tally): string {
  const [first = [0, 'saved'], ...rest] = tallyParts(tally)
  const [count, words] = first
  const others = rest.map(([count, words]) => `, ${count} ${words}`).join('')
  return `${count} ${count === 1 ? 'flag' : 'flags'} ${words}${others}`
}

function tallyParts({
  saved,
  unchanged,
  notFound,
  failed,
}: Tally): [count: number, words: string][] {
  const parts: [number, string][] = [
    [saved, 'saved'],
    [unchanged, 'unchanged'],
    [notFound, 'not found'],
    [failed, 'failed'],
  ]
  return parts.filter(([count]) => count > 0)
}

/** Why a flag that is in place is not called by its country. */
function noteText({ path, note }: { path: string; note?: string | undefined }): string {
  return note ? `, as ${printable(path)}: ${printable(note)}` : ''
}

function triesText(attempts: number): string {
  return attempts > 1 ? ` after ${attempts} attempts` : ''
}

function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}
