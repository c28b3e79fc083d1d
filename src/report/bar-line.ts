import { type Tally, total as totalOf } from '../download/tally.js'
import { tallyText } from './lines.js'

/** What a bar's line tells. */
export interface BarState {
  readonly tally: Tally
  readonly total: number
  /** As cli-progress reckons it; it may be no number at the start. */
  readonly secondsLeft: number
  /** What is waited for, where something is. */
  readonly waiting: string | undefined
  readonly columns: number
}

/** The most that the bar itself takes of the line. */
const widest = 30
const narrowest = 8

/** The bar's line, cut so that it fits: what matters least goes first. */
export function barLine({ tally, total, secondsLeft, waiting, columns }: BarState): string {
  const done = totalOf(tally)
  const share = total === 0 ? 1 : done / total
  const count = `${done}/${total}`
  const percentage = `${Math.floor(share * 100)}%`
  const left = Number.isFinite(secondsLeft) && done < total ? `${Math.ceil(secondsLeft)}s left` : ''
  const state = waiting ?? tallyText(tally)

  // One column stays free: some terminals wrap when the last one is written.
  const room = columns - 1
  const text = [count, percentage, left, state].filter(Boolean).join('  ')
  const barWidth = Math.min(widest, room - text.length - 1)
  if (barWidth >= narrowest) return `${bar(share, barWidth)} ${text}`
  return [text, [count, state].join('  '), count].find((line) => line.length <= room) ?? ''
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
