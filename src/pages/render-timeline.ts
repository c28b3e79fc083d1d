import { type Drawing, legendItems, openChart, waterfall } from './chart.js'
import { type Creator, timelineHar } from './har.js'
import { Html, html } from './html.js'
import { pictureStyle } from './style.js'
import { type Timeline, timelineJson } from './timeline.js'
import { timelinePage } from './timeline-page.js'

/** What the program loads of the timeline; bundled with the other pages, apart from the program. */
export { createRecorder, type Timeline } from './timeline.js'
export { timelinePage } from './timeline-page.js'

/** The formats of a timeline. */
export type TimelineFormat = 'html' | 'har' | 'svg' | 'json'

/** The timeline of a run in a format. */
export function renderTimeline(
  timeline: Timeline,
  format: TimelineFormat,
  creator: Creator,
): string {
  switch (format) {
    case 'html':
      return timelinePage([{ title: 'The run', timeline }])
    case 'har':
      return timelineHar(timeline, creator)
    case 'svg':
      return timelineSvg(timeline)
    case 'json':
      return timelineJson(timeline)
  }
}

const width = 960
const margin = 12

/** The charts of a run and their legend, as one picture. */
export function timelineSvg(timeline: Timeline): string {
  const options = { maxMs: timeline.durationMs }
  const drawings = [legend(), openChart(timeline, options), ...waterfall(timeline, options)]
  let y = margin
  const placed = drawings.map((drawing) => {
    const content = drawing.at(y)
    y += drawing.height + margin
    return content
  })
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}">
<title>${timeline.flags.length} flags from ${timeline.server}</title>
<style>${new Html(pictureStyle)}</style>
<rect class="card" width="100%" height="100%"/>
<svg x="${margin}" width="${width - 2 * margin}" height="${y}">
${placed}</svg>
</svg>
`.text
}

const perLine = 5
const lineHeight = 18

function legend(): Drawing {
  const items = legendItems().map(({ mark, label }, index) => {
    const x = (index % perLine) * ((width - margin) / perLine)
    const y = Math.floor(index / perLine) * lineHeight + 8
    return html`<g transform="translate(${x} ${y})">${mark}<text x="30" y="4">${label}</text></g>\n`
  })
  const height = Math.ceil(items.length / perLine) * lineHeight
  return { height, at: (y) => html`<svg y="${y}">\n${items}</svg>\n` }
}
