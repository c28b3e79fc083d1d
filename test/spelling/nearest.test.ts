import { expect, test } from 'vitest'
import { nearest } from '../../src/spelling/nearest.js'

test.each([
  ['Erope', 'Europe'],
  ['EUORPE', 'Europe'],
  ['asai', 'Asia'],
  ['Africca', 'Africa'],
  ['xyz', undefined],
  ['', undefined],
])('%j is nearest to %j', (word, expected) => {
  expect(nearest(word, ['Africa', 'Asia', 'Europe', 'North America'])).toBe(expected)
})

test('of two words the nearer one is found, wherever it stands', () => {
  expect(nearest('remot', ['remove', 'remote'])).toBe('remote')
  expect(nearest('remot', ['remote', 'remove'])).toBe('remote')
})
