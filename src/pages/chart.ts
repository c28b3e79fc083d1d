import type { DelayReason, PhaseFacts } from '../download/phases.js'
import { type Html, html } from './html.js'
import {
  activeTimeOf,
  type FlagTimeline,
  openChanges,
  type Timeline,
  type TimelinePhase,
} from './timeline.js'

type PhaseName = PhaseFacts['phase']

/**
 * Every phase, in the order in which a flag goes through them: its text, and its class, which is short because
 * a chart may have ten thousand pieces.
 */
export const phaseKinds: Readonly<Record<PhaseName, { label: string; className: string }>> = {
  queued: { label: 'waiting for a slot', className: 'q' },
  delayed: { label: 'waiting before an attempt', className: 'd' },
  connecting: { label: 'connecting', className: 'c' },
  waiting: { label: 'waiting for the first byte', className: 'w' },
  reading: { label: 'reading', className: 'r' },
  checking: { label: 'checking', className: 'k' },
  saving: { label: 'saving', className: 's' },
}

/** How a chart is drawn. */
export interface ChartOptions {
  /** The end of the time axis. */
  readonly maxMs: number
  /** Rows of 5 pixels without labels, instead of rows of 14. Default: false. */
  readonly isDense?: boolean
  /** The fragment of a flag's facts, which its row links to. Default: no link. */
  readonly linkTo?: (code: string) => string
}

/** The part of the width that the labels take, and the part that the time axis takes, in percent. */
const [labelPercent, axisPercent] = [8, 90]
/** The time axis in units of the drawing. */
const axisUnits = 10_000
const axisHeight = 16
const openHeight = 110
/** Rows between two time axes, and in print between two pages. */
const blockRows = 50

/** A drawing as wide as its container; `y` is its place in another drawing. */
export interface Drawing {
  readonly height: number
  at(y: number): Html
}

/** The number of open requests over time, against the limit. */
export function openChart(timeline: Timeline, { maxMs }: ChartOptions): Drawing {
  const { limits, durationMs } = timeline
  const changes = openChanges(timeline)
  const values = [...changes.map(({ open }) => open), ...limits.map(({ limit }) => limit)]
  const top = Math.max(1, ...values)
  const unit = (ms: number) => Math.round((ms / maxMs) * axisUnits)
  const steps = (pairs: readonly (readonly [ms: number, value: number])[]) =>
    pairs.map(([ms, value]) => `H${unit(ms)}V${top - value}`).join('')
  const area = steps(changes.map(({ atMs, open }) => [atMs, open]))
  const limitLine = steps(limits.map(({ atMs, limit }) => [atMs, limit]))
  const plot = html`<svg x="${labelPercent}%" y="${axisHeight + 4}" width="${axisPercent}%" height="${openHeight}" viewBox="0 0 ${axisUnits} ${top}" preserveAspectRatio="none" overflow="visible">
<path class="open" d="M0 ${top}${area}V${top}z"/>
<path class="limit" d="M0 ${top - (limits[0]?.limit ?? 0)}${limitLine}H${unit(durationMs)}"/>
</svg>
<text class="label" x="0" y="${axisHeight + 8}">${top}</text>
<text class="label" x="0" y="${axisHeight + 4 + openHeight}">0</text>
`
  return drawing(axisHeight + openHeight + 8, html`${timeAxis(maxMs)}${plot}`)
}

/** A row for each flag, in blocks with a time axis each. */
export function waterfall({ flags }: Timeline, options: ChartOptions): Drawing[] {
  const rowHeight = options.isDense ? 5 : 14
  const perBlock = options.isDense ? flags.length : blockRows
  return Array.from({ length: Math.ceil(flags.length / perBlock) }, (_, block) => {
    const rows = flags
      .slice(block * perBlock, (block + 1) * perBlock)
      .map((flag, index) => row(flag, axisHeight + (index + 0.5) * rowHeight + 2, options))
    const height = axisHeight + rows.length * rowHeight + 4
    const group = html`<g class="${options.isDense ? 'dense' : 'rows'}">\n${rows}</g>\n`
    return drawing(height, html`${timeAxis(options.maxMs)}${group}`)
  })
}

function drawing(height: number, content: Html): Drawing {
  return {
    height,
    at: (y) => html`<svg${y > 0 ? html` y="${y}"` : html``} width="100%" height="${height}">
${content}</svg>
`,
  }
}

/** Lines at round times, and their labels. */
function timeAxis(maxMs: number): Html {
  const step = roundStep(maxMs / 8)
  const times = Array.from({ length: Math.floor(maxMs / step) + 1 }, (_, index) => index * step)
  const ticks = times.map((ms) => {
    const x = percent(ms, maxMs)
    return html`<line class="tick" x1="${x}" x2="${x}" y1="13" y2="100%"/><text class="label" x="${x}" y="10" text-anchor="middle">${timeText(ms, maxMs)}</text>\n`
  })
  return html`${ticks}`
}

/** The next of 1, 2, 5, 10, 20, 50 and so on. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10
  return factor * power
}

function timeText(ms: number, maxMs: number): string {
  if (ms === 0) return '0'
  return maxMs < 1000
    ? `${Number(ms.toPrecision(3))} ms`
    : `${Number((ms / 1000).toPrecision(3))} s`
}

function percent(ms: number, maxMs: number): string {
  return `${Number((labelPercent + (ms / maxMs) * axisPercent).toFixed(2))}%`
}

/** The row's origin is its middle, so that its pieces need no y. */
function row(flag: FlagTimeline, y: number, { maxMs, isDense, linkTo }: ChartOptions): Html {
  const [height, label] = isDense ? [5, html``] : [14, html`<text y="4">${flag.code}</text>`]
  const content = html`<title>${rowTitle(flag)}</title><rect class="hit" y="${-height / 2}" width="100%" height="${height}"/>${label}${flag.phases.map((phase) => piece(phase, maxMs))}`
  const place = html`class="row" transform="translate(0 ${y})"`
  return linkTo
    ? html`<a ${place} href="${linkTo(flag.code)}">${content}</a>\n`
    : html`<g ${place}>${content}</g>\n`
}

function piece({ phase, startMs, endMs, failure }: TimelinePhase, maxMs: number): Html {
  const [start, end] = [percent(startMs, maxMs), percent(endMs, maxMs)]
  const cross = failure ? html`<text class="x" x="${end}" y="5">×</text>` : html``
  // A phase that is too short to see is in the title all the same.
  if (start === end) return cross
  return html`<line class="${phaseKinds[phase].className}" x1="${start}" x2="${end}"/>${cross}`
}

function rowTitle(flag: FlagTimeline): string {
  const name = flag.name ? `${flag.code} ${flag.name}` : flag.code
  const lines = flag.phases.map(phaseText)
  return [`${name}: ${statusText(flag)}, ${msText(activeTimeOf(flag))} ms`, ...lines].join('\n')
}

function phaseText(phase: TimelinePhase): string {
  const { startMs, endMs, failure } = phase
  const details = detailsOf(phase)
  const detailText = details ? ` (${details})` : ''
  const failed = failure ? ` × ${failure.message}` : ''
  return `${phaseKinds[phase.phase].label} ${msText(endMs - startMs)}${detailText}${failed}`
}

const delayReasons: Readonly<Record<DelayReason, string>> = {
  back_off: 'back-off',
  host_pause: 'the server asked for a pause',
  rate: 'the rate',
}

/** What is known of a phase in addition to its time: which connection, why it waits. */
export function detailsOf(phase: TimelinePhase): string | undefined {
  if (phase.phase === 'delayed') return delayReasons[phase.reason]
  if (phase.phase !== 'connecting' || !phase.connection) return undefined
  const { isReused, dnsMs, tlsMs } = phase.connection
  if (isReused) return 'reused'
  const dns = dnsMs === undefined ? [] : [`DNS ${msText(dnsMs)}`]
  const tls = tlsMs === undefined ? [] : [`TLS ${msText(tlsMs)}`]
  return ['new', ...dns, ...tls].join(', ')
}

/** `not found` */
export function statusText({ status }: FlagTimeline): string {
  return status.replace('_', ' ')
}

/** Milliseconds with one decimal. */
export function msText(ms: number): string {
  return ms.toFixed(1)
}

/** What the marks of a chart mean. */
export function legendItems(): { mark: Html; label: string }[] {
  const phases = Object.values(phaseKinds).map(({ label, className }) => ({
    mark: html`<line class="${className}" x2="24"/>`,
    label,
  }))
  return [
    ...phases,
    { mark: html`<text class="x" x="12" y="5">×</text>`, label: 'failed attempt' },
    { mark: html`<path class="limit" d="M0 0h24"/>`, label: 'limit of open requests' },
  ]
}
