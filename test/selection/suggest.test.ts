import { expect, test } from 'vitest'
import { closestMatch } from '../../src/selection/suggest.js'

test.each([
  ['Erope', 'Europe'],
  ['EUORPE', 'Europe'],
  ['asai', 'Asia'],
  ['Africca', 'Africa'],
  ['xyz', undefined],
  ['', undefined],
])('%j is closestMatch to %j', (word, expected) => {
  expect(closestMatch(word, ['Africa', 'Asia', 'Europe', 'North America'])).toBe(expected)
})

test('of two words the nearer one is found, wherever it stands', () => {
  expect(closestMatch('remot', ['remove', 'remote'])).toBe('remote')
  expect(closestMatch('remot', ['remote', 'remove'])).toBe('remote')
})
