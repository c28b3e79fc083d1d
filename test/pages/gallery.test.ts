import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type GalleryFlag, galleryPage, groupByContinent } from '../../src/pages/gallery.js'
import { urlPath } from '../../src/pages/html.js'

const flag = (code: string | undefined, more: Partial<GalleryFlag> = {}): GalleryFlag => ({
  code,
  url: `${code}.gif`,
  width: 4,
  height: 3,
  ...more,
})

describe('the groups of a gallery', () => {
  test('are the continents in alphabetical order, then the other flags, each sorted by name', () => {
    const flags = [flag('XX'), flag('EU'), flag('JP'), flag('DE'), flag('AL'), flag('AF')]
    const groups = groupByContinent([...flags, flag(undefined, { name: 'Atlantis' })])
    expect(groups.map((group) => [group.title, group.flags.map(({ code }) => code)])).toEqual([
      ['Asia', ['AF', 'JP']],
      ['Europe', ['AL', 'DE']],
      ['Other flags', [undefined, 'EU', 'XX']],
    ])
    expect(new Set(groups.map(({ id }) => id)).size).toBe(3)
  })
})

describe('the gallery page', () => {
  test('shows a flag with its name, code, size and alternative text', () => {
    const page = galleryPage({ flags: [flag('BR')], missing: [] })
    expect(page).toContain('<img src="BR.gif" width="4" height="3" alt="Flag of Brazil"')
    expect(page).toContain('<bdi>Brazil</bdi></span> <span class="code">BR</span>')
    expect(page).toContain('<title>1 flag</title>')
    expect(page).not.toContain('id="missing"')
  })

  test('prefers a recorded name to the name of the code', () => {
    const page = galleryPage({ flags: [flag('BR', { name: 'Brasil' })], missing: [] })
    expect(page).toContain('alt="Flag of Brasil"')
  })

  test('lists missing flags, with the reason, after the others', () => {
    const page = galleryPage({
      flags: [flag('BR')],
      missing: [
        { code: 'JP', reason: 'failed' },
        { code: 'XX', reason: 'not_found' },
        { code: 'DE', reason: 'missing' },
        { code: 'FR', reason: 'damaged' },
      ],
    })
    const list = page.slice(page.indexOf('<h2 id="missing"'))
    expect(list).not.toContain('<img')
    expect(list.match(/<li>.*/g)?.map((line) => line.replace(/<.*?>/g, ''))).toEqual([
      'JP Japan: it could not be downloaded',
      'XX XX: the server has no such flag',
      'DE Germany: its file is missing',
      'FR France: its file is damaged',
    ])
    expect(page).toContain('1 flag, 4 missing')
  })

  test('escapes every text from outside', () => {
    const hostile = `"'><script>alert(1)</script>&amp;`
    const page = galleryPage({
      flags: [flag('BR', { name: hostile, url: urlPath(hostile) })],
      missing: [{ code: 'JP', name: hostile, reason: 'missing' }],
    })
    expect(page).not.toContain('<script')
    expect(page.match(/&lt;script&gt;/g)).toHaveLength(3)
    expect(page).toContain('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;')
  })

  test('allows only the images beside it and its own style', () => {
    const page = galleryPage({ flags: [], missing: [] })
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src &#39;none&#39;; img-src &#39;self&#39; file:; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    )
    expect(page).not.toMatch(/https?:|<script| on\w+=| style=/)
  })
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
