import { describe, expect, test } from 'vitest'
import { checkSvg } from '../../src/images/svg.js'
import { finish } from '../helpers/check.js'

const check = (bytes: Uint8Array) => finish(checkSvg(bytes))
const svgNamespace = 'xmlns="http://www.w3.org/2000/svg"'

describe('an SVG image', () => {
  const svg = (attributes: string) => Buffer.from(`<svg ${svgNamespace} ${attributes}/>`)

  test.each([
    ['width=" 1in" height="2.54cm "', 96, 96],
    ['width="12pt" height="1pc" viewBox="0 0 3 2"', 16, 16],
    ['width="10mm" height="+.5px"', 37.795, 0.5],
    ['viewBox=" -1,-2 , 3  2.5 "', 3, 2.5],
    ['width="100%" height="100%" viewBox="0 0 3 2"', 3, 2],
    ['width="100" viewBox="0 0 3 2"', 100, 66.667],
    ['height="60" viewBox="0 0 3 2"', 90, 60],
    ['width="60"', 300, 150],
    ['width="0" height="5" viewBox="0 0 0 2"', 300, 150],
    [`width="${'0'.repeat(98)}30" height="5"`, 30, 5],
    [`width="${'0'.repeat(99)}30" height="5"`, 300, 150],
    ['width="-30" height="20"', 300, 150],
    ['width="60" viewBox="0 0 3 0"', 300, 150],
  ])('with %s is %d × %d pixels', (attributes, width, height) => {
    expect(check(svg(attributes))).toEqual({ isComplete: true, width, height })
  })

  const utf16 = (content: string) =>
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(content, 'utf16le')])
  const text = `<svg ${svgNamespace}><title>Åland</title></svg>`
  test.each([
    ['a prefix', Buffer.from(`<s:svg xmlns:s="http://www.w3.org/2000/svg"></s:svg>`)],
    ['UTF-16', utf16(text)],
    ['UTF-16, big end first', utf16(text).swap16()],
    ['Latin 1', Buffer.from(`<?xml version="1.0" encoding = 'iso-8859-1'?>${text}`, 'latin1')],
    [
      'a declared UTF-16 that it is not in',
      Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${text}`),
    ],
    ['a declaration in a comment', Buffer.from(`<!--<?xml encoding="none"?>-->${text}`)],
    [
      'a document type',
      Buffer.from(`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://h/svg11.dtd">${text}`),
    ],
    [
      'entities for namespaces',
      Buffer.from(
        `<!DOCTYPE svg [\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n<!ENTITY  q  '"' >]><svg xmlns="&ns_svg;">&q;&lt;</svg>`,
      ),
    ],
  ])('with %s passes', (_what, bytes) => {
    expect(check(bytes)).toMatchObject({ isComplete: true })
  })

  test.each([
    ['an HTML page', '<!doctype html><title>Sign in</title>', 'wrong_format'],
    ['no namespace', '<svg></svg>', 'wrong_format'],
    ['another element', `<g ${svgNamespace}/>`, 'wrong_format'],
    ['text', 'not found', 'wrong_format'],
    ['an unknown encoding', '<?xml version="1.0" encoding="x-utf-16"?><svg/>', 'damaged'],
    [
      'an external entity',
      `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg ${svgNamespace}>&a;</svg>`,
      'damaged',
    ],
    [
      'an entity of entities',
      `<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><svg ${svgNamespace}>&b;</svg>`,
      'damaged',
    ],
    [
      'an entity with markup',
      `<!DOCTYPE svg [<!ENTITY a "<g/>">]><svg ${svgNamespace}>&a;</svg>`,
      'damaged',
    ],
    [
      'an entity with a percent sign',
      `<!DOCTYPE svg [<!ENTITY a "100%">]><svg ${svgNamespace}>&a;</svg>`,
      'damaged',
    ],
    ['a parameter entity', `<!DOCTYPE svg [<!ENTITY % a "x">]><svg ${svgNamespace}/>`, 'damaged'],
    [
      'a wrong end tag in an svg with a prefix',
      '<s:svg xmlns:s="http://www.w3.org/2000/svg"><g></s:svg>',
      'damaged',
    ],
    ['an end tag after its document type', '<!DOCTYPE  svg></svg>', 'damaged'],
    ['another name', `<svgs ${svgNamespace}></svg>`, 'wrong_format'],
    ['a cut character', Buffer.from(`<svg ${svgNamespace}>é`).subarray(0, -1), 'truncated'],
    [
      'a body that is not UTF-8',
      Buffer.from(`<svg ${svgNamespace}>\xe9</svg>`, 'latin1'),
      'damaged',
    ],
  ])('%s is refused', (_what, body, reason) => {
    expect(check(Buffer.from(body))).toEqual({ isComplete: false, reason })
  })

  test('is refused if elements are deeper than 100, or have more than 1000 attributes', () => {
    const nested = (depth: number) =>
      Buffer.from(
        `<svg ${svgNamespace}>${'<g>'.repeat(depth - 1)}${'</g>'.repeat(depth - 1)}</svg>`,
      )
    const wide = (count: number) =>
      svg(Array.from({ length: count - 1 }, (_, index) => `a${index}=""`).join(' '))
    expect(check(nested(100)).isComplete).toBe(true)
    expect(check(nested(101)).isComplete).toBe(false)
    expect(check(wide(1000)).isComplete).toBe(true)
    expect(check(wide(1001)).isComplete).toBe(false)
  })
})

describe('a hostile body', () => {
  const fill = (part: string, bytes = 300_000) => part.repeat(Math.floor(bytes / part.length))

  test.each([
    ['elements and line ends', ['>', `<a/>${'\n'.repeat(12)}`, '</svg>'], true],
    ['a width', [' height="1" width="', '1', 'x"/>'], true],
    ['a comment of minuses', ['><!--', '- ', '--></svg>'], false],
    ['CDATA of brackets', ['><![CDATA[', ']', ']]></svg>'], false],
    ['a processing instruction of question marks', ['><?a ', '?', ' ?></svg>'], false],
    ['a value of line ends', [' a="', '\n', '"/>'], false],
    ['equal attributes', [' ', 'a="" ', '/>'], false],
    ['errors', ['>', '< ', '</svg>'], false],
  ] as const)(
    'of SVG with %s is checked in steps, or refused early',
    (_what, parts, isComplete) => {
      const [start, part, end] = parts
      const body = Buffer.from(`<svg ${svgNamespace}${start}${fill(part)}${end}`)
      let steps = 0
      const result = finish(checkSvg(body), () => {
        steps += 1
      })
      expect(result.isComplete).toBe(isComplete)
      // 8 KB each.
      if (isComplete) expect(steps).toBe(37)
      else expect(steps).toBeLessThan(30)
    },
  )

  test.each([
    [
      'references to an entity',
      `<!DOCTYPE svg [<!ENTITY a "x">]><svg ${svgNamespace} a="${fill('&a;', 700_000)}"/>`,
    ],
    ['entities', `<!DOCTYPE svg [${fill('<!ENTITY a "">', 20_000)}]><svg ${svgNamespace}/>`],
  ])('of SVG with too many %s is refused', (_what, body) => {
    expect(check(Buffer.from(body))).toMatchObject({ isComplete: false })
  })
})
