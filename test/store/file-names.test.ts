import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countries } from '../../src/countries.js'
import { nameBys } from '../../src/download/settings.js'
import type { ImageFormat } from '../../src/images/format.js'
import { createNameAllocator, fileNameFrom, fileNameOf } from '../../src/store/file-names.js'
import { manifestOf, record } from '../helpers/manifest.js'

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
    ['COM1', 'COM1_'],
    ['lpt9', 'lpt9_'],
    ['com¹', 'com¹_'],
    ['COM10', 'COM10'],
    ['BRA', 'BRA_'],
    ['076', '076_'],
    ['gb-sct', 'gb-sct_'],
    ['Comoros', 'Comoros'],
    ['br', 'br_'],
    ['name. . .', 'name'],
  ])('%j gives %j', (name, file) => expect(fileNameFrom(name)).toBe(file))

  test.each(['', '.', '..', '/', '\u0000', '   ', '___'])('%j gives no name', (name) => {
    expect(fileNameFrom(name)).toBeUndefined()
  })

  test('of 300 characters is cut between characters', () => {
    const file = fileNameFrom('é'.repeat(300)) ?? ''
    expect(Buffer.byteLength(file)).toBeLessThanOrEqual(120)
    expect(file).toMatch(/^é+$/)
  })

  test('is one name, in the folder, for any input', () => {
    // Of UTF-16 code units, half a surrogate pair included; fc.string({ unit: 'binary' }) takes seconds.
    const text = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))
    fc.assert(
      fc.property(text, (name) => {
        const file = fileNameFrom(name)
        if (file === undefined) return
        expect(file).toMatch(/^[^/\\:*?"<>|\p{Cc}.][^/\\:*?"<>|\p{Cc}]*$/u)
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(121)
      }),
    )
  })
})

describe('the name allocator', () => {
  const key = (code: string, format: ImageFormat = 'gif') => ({ code, format })

  test('gives two flags of one name a file each, and the same one the next time', () => {
    const allocate = createNameAllocator(new Map())
    expect(allocate('Korea', key('KP'))).toBe('Korea.gif')
    expect(allocate('korea', key('KR'))).toBe('korea_KR.gif')
    expect(allocate('Korea', key('KP'))).toBe('Korea.gif')
    expect(allocate('Korea', key('KR', 'svg'))).toBe('Korea.svg')
  })

  test('never gives two flags one file, whatever the names', () => {
    const allocate = createNameAllocator(new Map())
    const files = [
      allocate('Korea_KR', key('AA')),
      allocate('Korea', key('BB')),
      allocate('Korea', key('KR')),
    ]
    expect(files).toEqual(['Korea_KR.gif', 'Korea.gif', 'kr.gif'])
  })

  test('treats names as equal that some file system treats as equal', () => {
    const allocate = createNameAllocator(new Map())
    const equal = ['Straße', 'STRASSE', 'ſtraſſe'].map((stem, index) =>
      allocate(stem, key(`A${index}`)),
    )
    expect(equal).toEqual(['Straße.gif', 'STRASSE_A1.gif', 'ſtraſſe_A2.gif'])
    expect(allocate('K', key('BB'))).toBe('K.gif')
    expect(allocate('\u212a', key('CC'))).toBe('\u212a_CC.gif')
  })

  test('keeps a name for the flag that is recorded with it', () => {
    const allocate = createNameAllocator(manifestOf(record('KR', { file: 'Korea.gif' })))
    expect(allocate('Korea', key('KP'))).toBe('Korea_KP.gif')
    expect(allocate('Korea', key('KR'))).toBe('Korea.gif')
  })
})

test.each(nameBys)(
  '--name-by %s gives every known flag a unique file on every system',
  (nameBy) => {
    const allocate = createNameAllocator(new Map())
    const names = countries.map(({ code, name }) => {
      const key = { code, format: 'gif' } as const
      if (nameBy !== 'country') return fileNameOf(key, nameBy)
      return allocate(fileNameFrom(name) ?? '', key)
    })
    expect(names).toHaveLength(270)
    expect(new Set(names.map((name) => name.normalize('NFD').toUpperCase())).size).toBe(270)
  },
)
