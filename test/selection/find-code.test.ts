import { describe, expect, test, vi } from 'vitest'
import { isoCountries } from '../../src/countries.js'
import { findCode, searchCountries } from '../../src/selection/find-code.js'

/** The code of a word, the code suggested for it after `~`, `A|B` where it is ambiguous, or nothing. */
function found(word: string): string {
  const result = findCode(word)
  switch (result.kind) {
    case 'code':
      return result.code
    case 'ambiguous':
      return result.countries.map(({ code }) => code).join('|')
    case 'unknown':
      return result.suggestion ? `~${result.suggestion.code}` : ''
  }
}

describe('findCode', () => {
  test('indexes no names for a code', async () => {
    vi.resetModules()
    const fresh = await import('../../src/selection/find-code.js')
    const normalize = vi.spyOn(String.prototype, 'normalize')
    for (const word of ['BR', 'bra', '076', 'GB-SCT']) fresh.findCode(word)
    expect(normalize).not.toHaveBeenCalled()
    fresh.findCode('Brazil')
    expect(normalize).toHaveBeenCalled()
    normalize.mockRestore()
  })

  test('finds every country by each of its codes and its name', () => {
    for (const { code, alpha3, numeric, name } of isoCountries) {
      for (const word of [code, alpha3 ?? '', numeric ?? '', name.toUpperCase()]) {
        expect(found(word), word).toBe(code)
      }
    }
  })

  test.each(
    Object.entries({
      UK: 'GB',
      EL: 'GR',
      usa: 'US',
      UAE: 'AE',
      Türkiye: 'TR',
      turkey: 'TR',
      'Ivory Coast': 'CI',
      'cote d ivoire': 'CI',
      'Côte d’Ivoire': 'CI',
      England: 'GB-ENG',
      Scotland: 'GB-SCT',
      'gb-sct': 'GB-SCT',
      'ES-CT': 'ES-CT',
      Holland: 'NL',
      'The Netherlands': 'NL',
      Vatican: 'VA',
      Swaziland: 'SZ',
      Burma: 'MM',
      Czechia: 'CZ',
      'St. Lucia': 'LC',
      'Trinidad & Tobago': 'TT',
      'Viet Nam': 'VN',
      EU: 'EU',
      un: 'UN',
      xk: 'XK',
      Kosovo: 'XK',
      qq: 'QQ',
      Korea: 'KP|KR',
      Congo: 'CD|CG',
    }),
  )('%s is %s', (word, code) => {
    expect(found(word)).toBe(code)
  })

  // Each is one or two edits away from one country's name only.
  const misspellings = `Brasil~BR Germny~DE Finnland~FI Finlnd~FI Grece~GR Itlay~IT Frnace~FR Spian~ES
    Portugl~PT Swedan~SE Norwey~NO Denmrk~DK Polnad~PL Austira~AT Austalia~AU Switzerlnd~CH Belgum~BE
    Irland~IE Icelnd~IS Hungry~HU Romaina~RO Bulgeria~BG Crotia~HR Serba~RS Ukrain~UA Rusia~RU
    Pakstan~PK Bangladeh~BD Indonesa~ID Malasia~MY Singapor~SG Thailnd~TH Vietnm~VN Philipines~PH
    Argentna~AR Colmbia~CO Columbia~CO Venzuela~VE Ecudor~EC Bolvia~BO Paragay~PY Urugay~UY Mexco~MX
    Canda~CA Egpyt~EG Kenia~KE Ethopia~ET Tanzana~TZ Moroco~MA Algera~DZ Tunsia~TN Kazakstan~KZ
    Afganistan~AF Isreal~IL Lebannon~LB Cyrpus~CY Lithunia~LT Estnia~EE Belaurs~BY Azerbajan~AZ`
  test.each(misspellings.split(/\s+/).map((pair) => pair.split('~')))(
    '%s suggests %s',
    (word = '', code) => {
      expect(found(word)).toBe(`~${code}`)
    },
  )

  test.each(
    'BRAX QQQ B1 qwertyuiop xyzzy hello world table mouse Atlantis Narnia Wakanda Gondor foobar banana Londn Paris Berlin Tokyo Africa Asia Nigera Austrlia ß'.split(
      ' ',
    ),
  )('%s suggests nothing', (word) => {
    expect(found(word)).toBe('')
  })
})

test('searchCountries finds the countries with all words in their codes or names', () => {
  const search = (...words: string[]) =>
    searchCountries(words, isoCountries).map(({ code }) => code)
  expect(search('united', 'arab')).toEqual(['AE'])
  expect(search('CHÎLE')).toEqual(['CL'])
  expect(search('atlantis')).toEqual([])
  expect(search('076')).toEqual(['BR'])
  expect(search()).toHaveLength(249)
})
