import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { parseSource, serverLabels, servers } from '../../src/sources/source.js'

describe('parseSource', () => {
  test.each(['local', 'LOCAL', 'delay', 'Error'])('%s is embedded, with every format', (label) => {
    const source = { kind: 'embedded', label: label.toLowerCase() }
    expect(parseSource(label)).toMatchObject({ ...source, formats: ['gif', 'png', 'svg', 'webp'] })
  })

  test('delay waits 0.5 to 5 seconds, error fails a quarter', () => {
    expect(parseSource('delay')).toMatchObject({ faults: { delayMs: [500, 5000] } })
    expect(parseSource('error')).toMatchObject({ faults: { errorRate: 0.25 } })
  })

  test.each([
    ['remote', 'gif', 'https://www.fluentpython.com/data/flags/br/br.gif'],
    ['flagcdn', 'svg', 'https://flagcdn.com/br.svg'],
    ['flagcdn', 'png', 'https://flagcdn.com/w320/br.png'],
    ['flagcdn', 'webp', 'https://flagcdn.com/w320/br.webp'],
    ['flag-icons', 'svg', 'https://cdn.jsdelivr.net/npm/flag-icons@7/flags/4x3/br.svg'],
  ] as const)('%s has its %s at %s', (label, format, url) => {
    const source = parseSource(label)
    if (source.kind !== 'remote') throw new Error('embedded')
    expect(source.formats).toContain(format)
    expect(
      source.templateFor(format).urlFor('BR', { format, width: 320, alpha3: 'BRA' }).href,
    ).toBe(url)
  })

  test.each([
    ['http://h', ['gif', 'png', 'svg', 'webp'], []],
    ['http://h/{cc}.PNG?v=1', ['png'], []],
    ['http://h/{width}/{cc}.{ext}', ['gif', 'png', 'svg', 'webp'], undefined],
  ])('%s has the formats %j and the widths %j', (url, formats, widths) => {
    expect(parseSource(url)).toMatchObject({ kind: 'remote', label: url, formats })
    expect(parseSource(url)).toHaveProperty('widths', widths)
  })

  test.each(['nowhere', 'ftp://h/', 'http://', 'constructor', '', 'http://me:secret@h/'])(
    '%j is refused, with the labels',
    (text) => {
      expect(() => parseSource(text)).toThrow(UsageError)
      expect(() => parseSource(text)).toThrow(`give a URL or one of ${serverLabels.join(', ')}`)
    },
  )
})

test('every server has a unique label, a license and a description', () => {
  expect(new Set(serverLabels).size).toBe(servers.length)
  for (const { license, description } of servers) expect(license && description).not.toBe('')
})
