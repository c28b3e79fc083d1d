import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { timelineSvg } from '../../src/pages/render-timeline.js'
import { timelinePage } from '../../src/pages/timeline-page.js'
import { timelineOf } from '../helpers/timeline.js'

const run = { title: 'The run', timeline: timelineOf(3, 2) }

describe('the page of a timeline', () => {
  test('of 676 flags, each retried, is smaller than 1 MB, and repeats its time axis', () => {
    const page = timelinePage([{ title: 'The run', timeline: timelineOf(676, 20) }])
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000)
    expect(page.match(/<a class="row"/g)).toHaveLength(676)
    // One for the open requests, and one for every 50 flags.
    expect(page.match(/text-anchor="middle">0</g)).toHaveLength(1 + 14)
  })

  test('has a row for each flag, which links to its numbers and has them in its title', () => {
    const page = timelinePage([run])
    const [title] = /<a class="row"[^>]* href="#0-AA"><title>[^<]*/.exec(page) ?? []
    expect(title?.split('<title>')[1]?.split('\n')).toEqual([
      'AA: saved, 360.0 ms',
      'waiting for a slot 0.1',
      'connecting 10.0 (new, DNS 1.5, TLS 4.5)',
      'waiting for the first byte 60.0',
      'reading 20.0',
      'checking 10.0 × 503 Service Unavailable',
      'waiting before an attempt 150.0 (back-off)',
      'connecting 10.0 (reused)',
      'waiting for the first byte 60.0',
      'reading 20.0',
      'checking 10.0',
      'saving 10.0',
    ])
  })

  test('has the same numbers in a table, with a row for each attempt', () => {
    const table = timelinePage([run]).split('<tbody>')[1] ?? ''
    const rows = table
      .split('<tr')
      .map((row) => row.split('<td>').slice(1).join('|').split('\n')[0])
    expect(rows.slice(1, 3)).toEqual([
      '1|0.0|0.1||10.0|60.0|20.0|10.0||new, DNS 1.5, TLS 4.5|503 Service Unavailable',
      '2|100.1||150.0|10.0|60.0|20.0|10.0|10.0|reused|saved',
    ])
    expect(table).toContain('id="0-AA"')
  })

  test('draws each phase at its place on the axis, and a cross where an attempt failed', () => {
    const [row = ''] = /<a class="row"[\s\S]*?<\/a>/.exec(timelinePage([run])) ?? []
    // The axis of 800 ms has 90% of the width, after 8% for the labels.
    expect(row).toContain('<line class="w" x1="9.14%" x2="15.89%"/>')
    expect(row).toContain('<text class="x" x="19.26%" y="5">×</text>')
    expect(row.match(/<line class="[cwrkds]"/g)).toHaveLength(10)
  })

  test('draws the limit as steps', () => {
    const limits = [
      { atMs: 0, limit: 1 },
      { atMs: 400, limit: 4 },
    ]
    const page = timelinePage([{ ...run, timeline: { ...run.timeline, limits } }])
    expect(page).toContain('<path class="limit" d="M0 3H0V3H5000V0H10000"/>')
  })
})

test('several runs have one time axis, rows without labels, and their own numbers', () => {
  const slow = { ...run.timeline, durationMs: 1600 }
  const page = timelinePage([run, { title: 'Level 9', timeline: slow }])
  // The third flag starts after 400 of 1600 ms.
  expect(page.match(/<line class="c" x1="30.51%"/g)).toHaveLength(2)
  expect(page).not.toContain('>AA</text>')
  expect(page).toContain('id="0-AA"')
  expect(page).toContain('id="1-AA"')
})

test('the picture alone is well-formed, and names the phases', () => {
  const svg = timelineSvg(timelineOf(60, 5))
  const errors: Error[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => errors.push(error))
  parser.write(svg).close()
  expect(errors).toEqual([])
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="960" height="\d+">/)
  expect(svg).toContain('waiting for the first byte</text>')
  expect(svg.match(/<g class="row"/g)).toHaveLength(60)
})
