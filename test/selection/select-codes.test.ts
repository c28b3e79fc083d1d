import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { type SelectionRequest, selectCodes } from '../../src/selection/select-codes.js'

const codesOf = (...args: string[]) => selectCodes({ args }).codes
const select = (request: Partial<SelectionRequest>) => selectCodes({ args: [], ...request }).codes

describe('selectCodes', () => {
  test('selects the 20 most populous countries by default, all explicit', () => {
    const { codes, explicitCodes } = selectCodes({ args: [] })
    const populous = 'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'
    expect(codes.join(' ')).toBe(populous)
    expect([...explicitCodes].sort()).toEqual(codes)
  })

  test.each([
    [['br', 'Br', 'AR'], 'AR BR'],
    [['XX'], 'XX'],
    [['BR,CN', ' in , us ,'], 'BR CN IN US'],
    [['Brazil', 'deu', '392', 'UK', 'South Korea', 'GB-SCT'], 'BR DE GB GB-SCT JP KR'],
    [['Korea, Republic of'], 'KR'],
  ])('%j selects %s', (args, codes) => {
    expect(codesOf(...args).join(' ')).toBe(codes)
  })

  test('a letter selects all 26 codes that start with it', () => {
    const codes = codesOf('b')
    expect([codes.length, codes[0], codes[25]]).toEqual([26, 'BA', 'BZ'])
  })

  test('only codes given by code or name are explicit', () => {
    const { explicitCodes } = selectCodes({ args: ['B', 'ar', 'BR'], every: true, region: 'Asia' })
    expect([...explicitCodes].sort()).toEqual(['AR', 'BR'])
  })

  test('all is ISO 3166-1, every is AA to ZZ', () => {
    expect(select({ all: true })).toHaveLength(249)
    expect(select({ all: true })).not.toContain('EU')
    expect(select({ every: true })).toHaveLength(676)
    expect(select({ every: true }).slice(0, 2)).toEqual(['AA', 'AB'])
  })

  test('a region selects its countries, in any case', () => {
    const oceania = select({ region: ' oceania' })
    expect(oceania).toEqual(expect.arrayContaining(['AU', 'FJ', 'NZ']))
    expect(oceania).not.toContain('BR')
    expect(() => select({ region: 'Atlantis' })).toThrow(
      /'Atlantis': give one of Africa, Antarctica/,
    )
  })

  test('the excluded words are left out', () => {
    expect(select({ args: ['BR', 'CN', 'IN'], exclude: 'china, bra' })).toEqual(['IN'])
    expect(select({ args: ['B'], exclude: 'B', every: true })).toHaveLength(650)
    expect(() => select({ args: ['BR'], exclude: 'BR' })).toThrow(
      /^nothing selected: exclude leaves no flag$/,
    )
    expect(() => select({ args: ['BR'], exclude: 'Brasilia' })).toThrow(UsageError)
  })

  test('several regions and lists of exclusions add up', () => {
    expect(select({ region: ['Antarctica', 'europe'] })).toEqual(
      expect.arrayContaining(['AQ', 'DE']),
    )
    const exclude = ['BR', 'Korea, Republic of', 'CN,IN']
    expect(select({ args: ['BR', 'CN', 'IN', 'JP', 'KR'], exclude })).toEqual(['JP'])
  })

  test('the words of exclude that leave out no flag are named', () => {
    const { unusedExclusions } = selectCodes({ args: [], all: true, exclude: 'Europe,BR,Q,X' })
    expect(unusedExclusions).toEqual(['Europe', 'X'])
  })

  test('the name of a continent gets the option for it', () => {
    expect(() => codesOf('Asia')).toThrow("'Asia' is a continent: use --region Asia")
    expect(() => codesOf('south america')).toThrow('use --region "South America"')
    expect(() => select({ args: [], exclude: 'Asia' })).toThrow(
      /^exclude: 'Asia' is a continent: give codes or names of countries$/,
    )
  })

  test('the limit keeps the first codes after sorting and removing duplicates', () => {
    expect(select({ args: ['ZA', 'br', 'BR', 'AR'], limit: 2 })).toEqual(['AR', 'BR'])
  })

  test('the given order can be kept', () => {
    expect(select({ args: ['ZA', 'AR', 'BR', 'AR'], keepOrder: true })).toEqual(['ZA', 'AR', 'BR'])
  })

  test.each(['', 'B1', 'É', '--', 'B R', 'ß', 'ﬁ', 'x'.repeat(1_000_000)])(
    '%.12j is refused by name',
    (word) => {
      expect(() => codesOf(word)).toThrow(UsageError)
      const shown = word.length > 40 ? `'${word.slice(0, 40)}…'` : `'${word}'`
      expect(() => codesOf(word)).toThrow(`unknown country ${shown}: give a code (BR, BRA, 076)`)
    },
  )

  const wrongTypes: [unknown, string][] = [
    ...[undefined, null, 7, 'BR'].map((value) => [value, 'request'] as [unknown, string]),
    ...[null, 7, 'BR', {}].map((args) => [{ args }, 'args'] as [unknown, string]),
    ...[null, 7, {}, Symbol('x')].map((word) => [{ args: [word] }, 'args'] as [unknown, string]),
    ...['all', 'every', 'keepOrder', 'region', 'exclude', 'limit'].flatMap((name) =>
      [null, Number.NaN, {}, Symbol('x'), name === 'limit' ? 0 : [7]].map(
        (value) => [{ args: [], [name]: value }, name] as [unknown, string],
      ),
    ),
    [{ args: [], exclude: 'Brasilia' }, 'exclude: unknown country'],
  ]
  test.each(wrongTypes)("refuses %o with the member's name", (request, name) => {
    const selecting = () => selectCodes(request as SelectionRequest)
    expect(selecting).toThrow(UsageError)
    expect(selecting).toThrow(name)
  })

  test('a request needs no words', () => {
    expect(selectCodes({ region: 'Antarctica' }).codes).toContain('AQ')
    expect(selectCodes({}).codes).toHaveLength(20)
  })

  test('an error names the place of a listed word, and countries by code and name', () => {
    const listed = { text: 'Brasil', place: 'codes.txt, line 3' }
    expect(() => selectCodes({ args: [listed] })).toThrow(
      "codes.txt, line 3: unknown country 'Brasil': did you mean BR (Brazil)?",
    )
    expect(() => codesOf('Korea')).toThrow(
      "'Korea' is ambiguous: KP (North Korea) or KR (South Korea)",
    )
  })
})
