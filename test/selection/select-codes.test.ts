import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { selectCodes } from '../../src/selection/select-codes.js'

const codesOf = (...args: string[]) => selectCodes({ args }).codes

describe('selecting codes', () => {
  test('nothing means the 20 most populous countries, sorted', () => {
    expect(codesOf().join(' ')).toBe('BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN')
  })

  test.each([
    [['BR'], ['BR']],
    [
      ['br', 'Br', 'AR'],
      ['AR', 'BR'],
    ],
    [['XX'], ['XX']],
  ])('%j means %j', (args, codes) => {
    expect(codesOf(...args)).toEqual(codes)
  })

  test('a letter means all 26 codes that start with it', () => {
    const codes = codesOf('b')
    expect(codes).toHaveLength(26)
    expect([codes[0], codes[25]]).toEqual(['BA', 'BZ'])
  })

  test('only codes given outright are explicitCodes', () => {
    const { explicitCodes } = selectCodes({ args: ['B', 'ar', 'BR'], every: true })
    expect([...explicitCodes].sort()).toEqual(['AR', 'BR'])
  })

  test('all is ISO 3166-1, every is AA to ZZ', () => {
    const all = selectCodes({ args: [], all: true }).codes
    expect(all).toHaveLength(249)
    expect(all).not.toContain('EU')
    expect(selectCodes({ args: [], every: true }).codes).toHaveLength(676)
  })

  test('the limit keeps the first after sorting and removing duplicates', () => {
    expect(selectCodes({ args: ['ZA', 'br', 'BR', 'AR'], limit: 2 }).codes).toEqual(['AR', 'BR'])
  })

  test.each(['GBR', '', 'B1', 'É', '--', 'B R', 'ß', 'ﬁ', 'x'.repeat(1_000_000)])(
    '%j is toFailedAttempt by name',
    (word) => {
      expect(() => codesOf(word)).toThrow(UsageError)
      expect(() => codesOf(word)).toThrow(`'${word.slice(0, 40)}`)
      expect(() => codesOf(word)).toThrow(/two letters .* one letter/)
    },
  )

  test.each([
    ['GBR', 'GB'],
    ['deu', 'DE'],
    ['Brazil', 'BR'],
    ['Brasil', 'BR'],
    ['Viet Nam', 'VN'],
  ])('%s is toFailedAttempt, and %s is suggested', (word, code) => {
    expect(() => codesOf(word)).toThrow(`did you mean ${code}?`)
  })

  test.each(['QQQ', 'B1', 'qwertyuiop'])('nothing is suggested for %s', (word) => {
    expect(() => codesOf(word)).toThrow(/^(?!.*did you mean)/)
  })
})
