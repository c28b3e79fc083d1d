import { describe, expect, test } from 'vitest'
import { formatManifest, parseManifest } from '../../src/store/manifest.js'
import { manifestOf, record } from '../helpers/manifest.js'

const full = record('BR', { lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT', country: 'Brazil' })

describe('flags.json', () => {
  test('has a line for each code, sorted, with a record for each format', () => {
    const svg = record('BR', { format: 'svg', file: 'br.svg' })
    const text = formatManifest(manifestOf(record('CN'), svg, full, record('GB-SCT')))
    expect(text.match(/^".*?":\{"[a-z]+"/gm)).toEqual([
      '"BR":{"gif"',
      '"CN":{"gif"',
      '"GB-SCT":{"gif"',
    ])
    expect(text).toMatch(/^\{"version":2,/)
    expect(parseManifest(text)).toEqual(manifestOf(full, svg, record('CN'), record('GB-SCT')))
  })

  test('without flags is valid', () => {
    expect(parseManifest(formatManifest(new Map()))).toEqual(new Map())
  })

  test('of version 1 has GIF records', () => {
    const { code, format, ...facts } = full
    const text = JSON.stringify({ version: 1, flags: { BR: facts } })
    expect(parseManifest(text)).toEqual(manifestOf(full))
  })

  test('drops validators that no header can carry', () => {
    const text = formatManifest(
      manifestOf(record('BR', { etag: '"a\nb"', lastModified: '\u0100' })),
    )
    const { etag: _, ...rest } = record('BR')
    expect(parseManifest(text)).toEqual(manifestOf(rest))
  })

  test('of a later version is not damaged', () => {
    expect(parseManifest('{"version":3,"flags":{"BR":7}}')).toBe('later')
  })

  const valid = formatManifest(manifestOf(full))
  test.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['half of it', (text) => text.slice(0, text.length / 2)],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['a list of flags', () => '{"version":2,"flags":["BR"]}'],
    ['no flags', () => '{"version":2}'],
    ['version 0', (text) => text.replace('"version":2', '"version":0')],
    ['no version', (text) => text.replace('"version":2,', '')],
    ['a record of another format', (text) => text.replace('"gif":', '"bmp":')],
    ['a code that is none', (text) => text.replace('"BR":', '"br":')],
    ['a longer code that is none', (text) => text.replace('"BR":', '"BR-":')],
    ['a record that is no object', () => '{"version":2,"flags":{"BR":{"gif":1}}}'],
    ['a record that is null', () => '{"version":2,"flags":{"BR":{"gif":null}}}'],
    ['a record that is a list', () => '{"version":2,"flags":{"BR":{"gif":[]}}}'],
    ['a flag that is no object', () => '{"version":2,"flags":{"BR":1}}'],
    ['a flag that is null', () => '{"version":2,"flags":{"BR":null}}'],
    ['a file outside the folder', (text) => text.replace('"br.gif"', '"../br.gif"')],
    ['a file in a folder', (text) => text.replace('"br.gif"', '"a/br.gif"')],
    ['an empty file name', (text) => text.replace('"br.gif"', '""')],
    ['the folder itself', (text) => text.replace('"br.gif"', '"."')],
    ['the folder above', (text) => text.replace('"br.gif"', '".."')],
    ['a file name with a null byte', (text) => text.replace('"br.gif"', '"br\\u0000.gif"')],
    ...['bytes', 'width', 'height'].map(
      (name) =>
        [
          `a ${name} of text`,
          (text: string) => text.replace(RegExp(`"${name}":\\d+`), `"${name}":"7"`),
        ] as [string, (text: string) => string],
    ),
    ...['url', 'source', 'etag', 'lastModified', 'sha256', 'fetched', 'country'].map(
      (name) =>
        [
          `a ${name} of number`,
          (text: string) => text.replace(RegExp(`"${name}":"(\\\\.|[^"])*"`), `"${name}":7`),
        ] as [string, (text: string) => string],
    ),
  ])('with %s is damaged', (_, spoil) => {
    const spoilt = spoil(valid)
    expect(spoilt).not.toBe(valid)
    expect(parseManifest(spoilt)).toBe('damaged')
  })
})
