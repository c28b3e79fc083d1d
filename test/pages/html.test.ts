import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { galleryPage } from '../../src/pages/gallery.js'
import { urlPath } from '../../src/pages/html.js'
import { timelineSvg } from '../../src/pages/render-timeline.js'
import { timelinePage } from '../../src/pages/timeline-page.js'
import { timelineOf } from '../helpers/timeline.js'

const hostile = `"'><script>alert(1)</script>&amp;`
const timeline = { ...timelineOf(3, 2), server: hostile }
const flag = { code: 'BR', name: hostile, url: urlPath(hostile), width: 4, height: 3 }
const missing = [{ code: 'JP', name: hostile, reason: 'missing' }] as const
const gallery = galleryPage({ flags: [flag], missing })
const run = timelinePage([{ title: hostile, timeline }])

test.each([
  ['a gallery', gallery, 3],
  ['the page of a timeline', run, 3],
  ['the picture of a timeline', timelineSvg(timeline), 1],
])('%s escapes every text from outside', (_what, text, times) => {
  expect(text).not.toContain('<script')
  const escaped = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;'
  expect(text.split(escaped)).toHaveLength(times + 1)
})

test.each([
  ['a gallery', gallery, '&#39;self&#39; file:'],
  ['the page of a timeline', run, 'data:'],
])('%s allows only its images and its own style', (_what, page, images) => {
  const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(page).toContain(
    `content="default-src &#39;none&#39;; img-src ${images}; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
  )
  expect(page.replaceAll('https://example', '')).not.toMatch(/https?:|<script| on\w+=| style=/)
})

test.each([
  [['br.gif'], 'br.gif'],
  [['', 'flags', 'br', 'a b.gif'], '/flags/br/a%20b.gif'],
  [['javascript:alert(1)'], 'javascript%3Aalert(1)'],
  [['a/b?c#d%"<.gif'], 'a%2Fb%3Fc%23d%25%22%3C.gif'],
  [['half \ud800.gif'], 'half%20%EF%BF%BD.gif'],
])('the URL path of %j is %s', (names, path) => {
  expect(urlPath(...names)).toBe(path)
})
