import { describe, expect, test } from 'vitest'
import { withoutPassword } from '../../src/http/failure.js'
import { parseUrlTemplate } from '../../src/sources/url-template.js'

const values = { format: 'png', width: 40, alpha3: 'BRA' } as const

describe('a URL template', () => {
  test.each([
    ['http://h:81/flags', 'http://h:81/flags/br/br.png'],
    ['http://h/flags//', 'http://h/flags/br/br.png'],
    ['https://h', 'https://h/br/br.png'],
    ['http://h/a?key=1', 'http://h/a/br/br.png?key=1'],
    ['http://h/{CC}.gif', 'http://h/BR.gif'],
    ['http://h/{cc}/{CC}/{cc}.gif', 'http://h/br/BR/br.gif'],
    ['http://{cc}.example.org/flag.gif', 'http://br.example.org/flag.gif'],
    ['http://h/{ccc}/{CCC}.{ext}', 'http://h/bra/BRA.png'],
    ['http://h/w{width}/{cc}.{ext}', 'http://h/w40/br.png'],
  ])('%s gives %s', (given, url) => {
    expect(parseUrlTemplate(given).urlFor('BR', values).href).toBe(url)
  })

  test.each([
    [
      'http://h/{code}.gif',
      /^unknown placeholder \{code\}: the only placeholders are \{cc\}, \{CC\}, \{ccc\}, \{CCC\}, \{ext\}, \{width\}/,
    ],
    ['http://h/{cc', /^unknown placeholder \{: /],
    ['http://me:{secret}@h/', /^unknown placeholder \{…\}: /],
    ['ftp://h/{cc}', /not a valid http or https URL/],
    ['localhost:8000', /did you mean http:\/\/localhost:8000\?/],
    ['http://h:99999/{cc}', /not a valid http or https URL/],
    ['http://me@h/', /must not contain a user name or password/],
  ])('%s is refused', (given, message) => {
    expect(() => parseUrlTemplate(given)).toThrow(message)
  })

  test('may have 8000 characters', () => {
    const long = `http://h/${'x'.repeat(7991)}`
    expect(parseUrlTemplate(long).urlFor('BR', values).pathname).toMatch(/\/br\.png$/)
    expect(() => parseUrlTemplate(`${long}x`)).toThrow('longer than 8000 characters')
  })

  test('withoutPassword leaves other URLs as they are', () => {
    expect(withoutPassword('http://h/a?b#c')).toBe('http://h/a?b#c')
    expect(withoutPassword('http://u:p@h/')).toBe('http://***@h/')
    expect(withoutPassword('u:p@q@h')).toBe('u:***@h')
    expect(withoutPassword('u@h')).toBe('***@h')
  })

  test('withoutPassword takes time in proportion to the length of a URL', () => {
    const slashes = `a:${'/'.repeat(60_000)}`
    expect(withoutPassword(slashes)).toBe(slashes)
  })
})
