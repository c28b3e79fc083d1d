import {
  type ChartOptions,
  detailsOf,
  legendItems,
  msText,
  openChart,
  phaseKinds,
  statusText,
  waterfall,
} from './chart.js'
import { type Html, html, page } from './html.js'
import { timelineStyle } from './style.js'
import { activeTimeOf, type FlagTimeline, figuresOf, type Timeline, timeOf } from './timeline.js'

/** A run on a page with its heading. */
export interface TitledTimeline {
  readonly title: string
  readonly timeline: Timeline
}

/** A page of the timelines of runs, one below the other on one time axis. It works from disk, too. */
export function timelinePage(runs: readonly TitledTimeline[]): string {
  const maxMs = Math.max(1, ...runs.map(({ timeline }) => timeline.durationMs))
  const [first] = runs
  return page({
    title: 'Timeline',
    style: timelineStyle,
    imageSources: 'data:',
    icon: html`<link rel="icon" href="data:,">\n`,
    body: html`<a class="skip" href="#table-0">Skip to the table</a>
<header>
<h1>Timeline</h1>
<p>${first ? subtitle(first.timeline) : ''}</p>
${legend()}</header>
<main>
${runs.map((run, index) => section(run, index, { maxMs, isDense: runs.length > 1 }))}${runs.map(tableSection)}</main>
`,
  })
}

function subtitle({ server, startedAt, flags }: Timeline): string {
  const started = new Date(startedAt).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
  return `${flags.length} flags from the server ${server}, started ${started}`
}

function legend(): Html {
  const items = legendItems().map(
    ({ mark, label }) =>
      html`<li><svg width="24" height="12" viewBox="0 -6 24 12" aria-hidden="true">${mark}</svg> ${label}</li>\n`,
  )
  return html`<ul class="legend" role="list">
${items}</ul>
`
}

function section(
  { title, timeline }: TitledTimeline,
  index: number,
  options: Pick<ChartOptions, 'maxMs' | 'isDense'>,
): Html {
  const chartOptions = { ...options, linkTo: (code: string) => `#${rowId(index, code)}` }
  const rows = waterfall(timeline, chartOptions)
  return html`<section aria-labelledby="run-${index}">
<h2 id="run-${index}">${title}</h2>
${figures(timeline, index)}<figure>
<figcaption>Open requests over time</figcaption>
${openChart(timeline, chartOptions).at(0)}</figure>
<figure>
<figcaption>The flags, in the order of their start; each row links to its numbers</figcaption>
${rows.map((drawing) => drawing.at(0))}</figure>
</section>
`
}

function figures(timeline: Timeline, index: number): Html {
  const { requests, peakOpen, meanOpen, shareOfIdeal, slowest } = figuresOf(timeline)
  const slow = slowest.map(
    (flag) =>
      html`<li><a href="#${rowId(index, flag.code)}">${flag.code}</a> ${Math.round(activeTimeOf(flag))} ms</li> `,
  )
  return html`<dl class="figures">
<div><dt>Elapsed</dt><dd>${(timeline.durationMs / 1000).toFixed(2)} s</dd></div>
<div><dt>Requests</dt><dd>${requests}</dd></div>
<div><dt>Open at most</dt><dd>${peakOpen}</dd></div>
<div><dt>Open on average</dt><dd>${meanOpen.toFixed(2)}</dd></div>
<div><dt>Share of the ideal</dt><dd>${Math.round(shareOfIdeal * 100)}%</dd></div>
<div class="slowest"><dt>Slowest</dt><dd><ol role="list">${slow}</ol></dd></div>
</dl>
`
}

function tableSection({ title, timeline }: TitledTimeline, index: number): Html {
  const columns = Object.values(phaseKinds).map(({ label }) => html`<th scope="col">${label}</th>`)
  return html`<section>
<h2 id="table-${index}" tabindex="-1">${title}: numbers</h2>
<p>Milliseconds; a row for each attempt.</p>
<div class="scroll" role="region" aria-labelledby="table-${index}" tabindex="0">
<table>
<thead><tr><th scope="col">flag</th><th scope="col">attempt</th><th scope="col">from</th>${columns}<th scope="col">connection</th><th scope="col">outcome</th></tr></thead>
<tbody>
${timeline.flags.map((flag) => attemptRows(flag, index))}</tbody>
</table>
</div>
</section>
`
}

/** HTML does not require the end tags of rows and cells, which would add up in a thousand rows. */
function attemptRows(flag: FlagTimeline, index: number): Html {
  const attempts = [...new Set(flag.phases.map(({ attempt }) => attempt))]
  const rows = attempts.map((number, rowNumber) => {
    const phases = flag.phases.filter(({ attempt }) => attempt === number)
    const id = rowNumber === 0 ? html` id="${rowId(index, flag.code)}"` : html``
    const cells = Object.keys(phaseKinds).map((name) => {
      const own = phases.filter(({ phase }) => phase === name)
      return html`<td>${own.length > 0 ? msText(timeOf(own)) : ''}`
    })
    const connecting = phases.find(({ phase }) => phase === 'connecting')
    const connection = (connecting && detailsOf(connecting)) ?? ''
    const outcome = phases.find(({ failure }) => failure)?.failure?.message ?? statusText(flag)
    return html`<tr${id}><th scope="row">${flag.code}<td>${number}<td>${msText(phases[0]?.startMs ?? 0)}${cells}<td>${connection}<td>${outcome}\n`
  })
  return html`${rows}`
}

function rowId(index: number, code: string): string {
  return `${index}-${code}`
}
