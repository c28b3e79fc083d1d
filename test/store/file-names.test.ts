import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNameAllocator, fileNameFrom } from '../../src/store/file-names.js'

describe('a file name from outside', () => {
  test.each([
    ['Brazil', 'Brazil'],
    ['Viet Nam', 'Viet_Nam'],
    ["Côte d'Ivoire", "Côte_d'Ivoire"],
    ['Korea (North)', 'Korea_(North)'],
    ['Ελλάδα', 'Ελλάδα'],
    ['日本', '日本'],
    ['St. Lucia', 'St._Lucia'],
    ['../../etc/passwd', 'etc_passwd'],
    ['..\\..\\windows', 'windows'],
    ['/etc/passwd', 'etc_passwd'],
    ['.hidden', 'hidden'],
    ['--force', 'force'],
    ['a\u0000b\u001b[2Jc\u202ed', 'a_b_2Jc_d'],
    ['CON', 'CON_'],
    ['aux.txt', 'aux_txt_'],
    ['br', 'br_'],
    ['name. . .', 'name'],
  ])('%j gives %j', (name, file) => expect(fileNameFrom(name)).toBe(file))

  test.each(['', '.', '..', '/', '\u0000', '   ', '___'])('%j gives none', (name) => {
    expect(fileNameFrom(name)).toBeUndefined()
  })

  test('of 300 characters is cut where a character ends', () => {
    const file = fileNameFrom('é'.repeat(300)) ?? ''
    expect(Buffer.byteLength(file)).toBeLessThanOrEqual(120)
    expect(file).toMatch(/^é+$/)
  })

  test('is one name, in the folder, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const file = fileNameFrom(name)
        if (file === undefined) return
        expect(file).toMatch(/^[^/\\:*?"<>|\p{Cc}.][^/\\:*?"<>|\p{Cc}]*$/u)
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(121)
      }),
    )
  })
})

describe('claims', () => {
  const record = { url: '', source: '', bytes: 1, sha256: '', width: 1, height: 1, fetched: '' }

  test('give two of a name a file each, and the same one again', () => {
    const claim = createNameAllocator(new Map())
    expect(claim('Korea', 'KP')).toBe('Korea.gif')
    expect(claim('korea', 'KR')).toBe('korea_KR.gif')
    expect(claim('Korea', 'KP')).toBe('Korea.gif')
  })

  test('never give two flags one file, whatever the names', () => {
    const claim = createNameAllocator(new Map())
    const files = [claim('Korea_KR', 'AA'), claim('Korea', 'BB'), claim('Korea', 'KR')]
    expect(files).toEqual(['Korea_KR.gif', 'Korea.gif', 'kr.gif'])
  })

  test('leave a name to the flag that has it on record', () => {
    const claim = createNameAllocator(new Map([['KR', { ...record, file: 'Korea.gif' }]]))
    expect(claim('Korea', 'KP')).toBe('Korea_KP.gif')
    expect(claim('Korea', 'KR')).toBe('Korea.gif')
  })
})
