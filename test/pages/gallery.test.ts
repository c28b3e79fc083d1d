import { describe, expect, test } from 'vitest'
import { type GalleryFlag, galleryPage, groupByContinent } from '../../src/pages/gallery.js'

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
})
