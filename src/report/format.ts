import { styleText } from 'node:util'
import type { AttemptEnd, ConcurrencyChange, HostPause } from '../download/download-context.js'
import type { FlagResult, Summary, Tally } from '../download/result.js'
import type { ResponseEvent } from '../http/get.js'
import { escapeControls } from './output.js'

/** Colors a text; the identity where there is no color. */
export type Colors = typeof noColors

/** Leaves texts as they are. */
export const noColors = { bad: (text: string) => text, good: (text: string) => text }

/** Red and green, as ANSI terminals show them. */
export const ansiColors: Colors = {
  bad: (text) => styleText('red', text, { validateStream: false }),
  good: (text) => styleText('green', text, { validateStream: false }),
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

/** The note on the first file of a run without the server's name for its country. */
export function namingNote(code: string, reason: string): string {
  const why = escapeControls(reason)
  return `note: the server has no name for ${code} (${why}); its file is named by code`
}

/** `20 flags saved in 0.31s to downloaded`, or `20 flags unchanged in 0.03s (folder: downloaded)`. */
export function summaryLine(summary: Summary, colors: Colors): string {
  const { total, selected, durationMs, exitCode } = summary
  const early = total < selected ? `stopped after ${total} of ${selected} flags: ` : ''
  const seconds = secondsText(durationMs)
  const color = exitCode === 0 ? colors.good : colors.bad
  const rest = folderText(summary) + limitsText(summary)
  return `${color(early + flagsText(summary))} in ${seconds}s${rest}`
}

/** The last line of an interrupted run: how far it got, and how to continue. */
export function interruptedLine(summary: Summary, colors: Colors): string {
  const { saved, unchanged, selected } = summary
  const state = unchanged > 0 ? `${saved} saved, ${unchanged} unchanged` : `${saved} saved`
  const progress = unchanged > 0 ? `${state} of ${selected}` : `${saved} of ${selected} saved`
  const others = tallyText({ ...summary, saved: 0, unchanged: 0 })
  const rest = others && `, ${others}`
  return `${colors.bad('Interrupted')}: ${progress}${rest}. Run again to resume.`
}

/** `BR attempt 1 of 4 failed after 12 ms: 503 Service Unavailable; retrying in 0.20 s`; `--debug` adds its URL. */
export function attemptLine(end: AttemptEnd, { withUrl = false } = {}): string {
  const { code, url, attempt, maxAttempts, durationMs, failure, retryInMs } = end
  const next = retryInMs === undefined ? '' : `; retrying in ${secondsText(retryInMs)} s`
  const outcome = `${failure ? 'failed' : 'ended'} after ${Math.round(durationMs)} ms`
  const facts = [...(withUrl ? [url] : []), ...(failure ? [failure.message] : [])]
  const text = [`${code} attempt ${attempt} of ${maxAttempts} ${outcome}`, ...facts].join(': ')
  return escapeControls(text + next)
}

/** `GET http://…: 200, first byte after 3 ms, end after 4 ms; content-type: image/gif`. */
export function responseLine({ url, statusCode, headers, ...timing }: ResponseEvent): string {
  const first = `first byte after ${Math.round(timing.firstByteMs)} ms`
  const end = `end after ${Math.round(timing.durationMs)} ms`
  const shown = shownHeaders.flatMap((name) => (headers[name] ? [`${name}: ${headers[name]}`] : []))
  return escapeControls([`GET ${url}: ${statusCode}, ${first}, ${end}`, ...shown].join('; '))
}

/** The response headers that decide what happens to a flag. */
const shownHeaders = [
  'content-type',
  'content-length',
  'content-encoding',
  'etag',
  'last-modified',
  'location',
  'retry-after',
]

/** `concurrency 27: 127.0.0.1:8000 rejects requests`. */
export function concurrencyLine({ limit, host, reason }: ConcurrencyChange): string {
  return escapeControls(`concurrency ${limit}: ${host ?? 'auto'} ${changeText(reason)}`)
}

function changeText(reason: ConcurrencyChange['reason']): string {
  switch (reason.kind) {
    case 'start':
      return 'starts low'
    case 'keeps_up':
      return 'keeps up'
    case 'rejected':
      return 'rejects requests'
    case 'lost':
      return 'does not answer'
    case 'slow':
      return `takes ${Math.round(reason.ms)} ms, more than the ${Math.round(reason.allowedMs)} ms allowed`
  }
}

/** `12 saved, 1 failed`. */
export function tallyText({ saved, unchanged, notFound, failed }: Tally): string {
  const parts = Object.entries({ saved, unchanged, 'not found': notFound, failed })
  return parts.flatMap(([status, count]) => (count > 0 ? `${count} ${status}` : [])).join(', ')
}

/** `waiting 12 s before more requests to example.org`. */
export function hostPauseText({ host, ms }: HostPause): string {
  return `${pauseText(ms)} before more requests to ${escapeControls(host)}`
}

/** `waiting 12 s`. */
export function pauseText(ms: number): string {
  return `waiting ${Math.ceil(ms / 1000)} s`
}

/** The folder of the flags, if there are any. */
function folderText({ saved, unchanged, output }: Summary): string {
  const folder = escapeControls(output)
  if (saved > 0) return ` to ${folder}`
  return unchanged > 0 ? ` (folder: ${folder})` : ''
}

/** What `auto` found: `; concurrency limit: highest 40, final 30`. */
function limitsText({ concurrencyPeak, concurrencyLast }: Summary): string {
  if (concurrencyPeak === undefined) return ''
  return `; concurrency limit: highest ${concurrencyPeak}, final ${concurrencyLast}`
}

/** As tallyText, with the noun: `12 flags saved, 1 failed`. */
function flagsText(tally: Tally): string {
  const text = tallyText(tally) || '0 saved'
  return text.replace(/^\d+/, (count) => `${count} ${count === '1' ? 'flag' : 'flags'}`)
}

/** Why a file does not have the server's name for its country. */
function noteText({ path, note }: { path: string; note?: string | undefined }): string {
  return note ? `, as ${escapeControls(path)}: ${escapeControls(note)}` : ''
}

function attemptsText(attempts: number): string {
  return attempts > 1 ? ` (${attempts} attempts)` : ''
}

function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}

/** Never rounded to 0: `0.01` for less than that. */
function secondsText(ms: number): string {
  return Math.max(0.01, ms / 1000).toFixed(2)
}
