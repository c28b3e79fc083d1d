import { type Creator, timelineHar } from './har.js'
import { type Timeline, timelineJson } from './timeline.js'
import { timelinePage } from './timeline-page.js'
import { timelineSvg } from './timeline-svg.js'

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
