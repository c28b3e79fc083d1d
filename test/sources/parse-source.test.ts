import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { parseSource } from '../../src/sources/parse-source.js'
import { parseUrlTemplate } from '../../src/sources/url-template.js'

describe('a server', () => {
  test.each(['local', 'LOCAL', 'delay', 'Error'])('%s is embedded', (label) => {
    expect(parseSource(label)).toMatchObject({ kind: 'embedded', label: label.toLowerCase() })
  })

  test('remote is the book’s', () => {
    const source = parseSource('Remote')
    if (source.kind !== 'remote') throw new Error('not remote')
    expect(source.template.urlFor('BR').href).toBe(
      'https://www.fluentpython.com/data/flags/br/br.gif',
    )
  })

  test.each([
    ['http://h:81/flags', 'http://h:81/flags/br/br.gif'],
    ['http://h/flags/', 'http://h/flags/br/br.gif'],
    ['https://h', 'https://h/br/br.gif'],
    ['http://h/a?key=1', 'http://h/a/br/br.gif?key=1'],
    ['http://h/{CC}.gif', 'http://h/BR.gif'],
    ['http://h/{cc}/{CC}/{cc}.gif', 'http://h/br/BR/br.gif'],
    ['http://{cc}.example.org/flag.gif', 'http://br.example.org/flag.gif'],
  ])('%s gives %s', (given, url) => {
    expect(parseUrlTemplate(given).urlFor('BR').href).toBe(url)
  })

  test.each(['nowhere', 'ftp://h/', 'http://', 'constructor', '', 'http://me:secret@h/'])(
    '%j is toFailedAttempt, and the labels are listed',
    (text) => {
      expect(() => parseSource(text)).toThrow(UsageError)
      expect(() => parseSource(text)).toThrow(/local, delay, error, remote/)
    },
  )

  test('a refusal does not repeat a password', () => {
    expect(() => parseSource('http://me:secret@h/')).toThrow(/^(?!.*secret)/)
  })
})
