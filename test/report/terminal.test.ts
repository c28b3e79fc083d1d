import { expect, test } from 'vitest'
import { hasColor, isAsciiOnly } from '../../src/report/terminal.js'

test.each([
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { TERM: 'dumb' }, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['auto', false, { FORCE_COLOR: '1' }, true],
  ['auto', false, { FORCE_COLOR: '' }, false],
  ['auto', true, { FORCE_COLOR: '0' }, false],
  ['auto', true, { FORCE_COLOR: 'false' }, false],
  ['auto', true, { TERM: 'dumb', FORCE_COLOR: '1' }, true],
  ['always', false, { NO_COLOR: '1', TERM: 'dumb' }, true],
  ['never', true, { FORCE_COLOR: '1' }, false],
  [false, true, { FORCE_COLOR: '1' }, false],
] as const)('color %s, terminal %s and %j give color: %s', (mode, isTerminal, env, expected) => {
  expect(hasColor(mode, isTerminal, env)).toBe(expected)
})

test.each([
  [{}, false],
  [{ LANG: '' }, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'de_DE.utf8' }, false],
  [{ LC_CTYPE: 'C', LANG: 'en_US.UTF-8' }, true],
  [{ LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
  [{ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }, false],
])('the locale %j is ASCII only: %s', (env, expected) => {
  expect(isAsciiOnly(env)).toBe(expected)
})
