import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeControls, toJsonLine } from '../../src/report/output.js'

const controls = [
  '\u0000',
  '\n',
  '\u001b',
  '\u007f',
  '\u009b',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u2069',
]
const harmless = [' ', '~', '\u00a0', 'ü', '\u2027', '\u202f', '\u2065', '\u206a', '🇧🇷']

test('escapeControls replaces each control character and leaves its neighbors alone', () => {
  expect(controls.map(escapeControls)).toEqual(controls.map(() => '\ufffd'))
  expect(harmless.map(escapeControls)).toEqual(harmless)
  expect(escapeControls('\u001b[31ma\r\n')).toBe('\ufffd[31ma\ufffd\ufffd')
})

test('toJsonLine writes control characters as escapes of four hexadecimal digits', () => {
  expect(toJsonLine('\u009b\u202e')).toBe('"\\u009b\\u202e"')
  expect(toJsonLine('\u007f')).toBe('"\\u007f"')
})

test('toJsonLine is one harmless line with the same meaning', () => {
  const text = fc.array(fc.constantFrom(...controls, ...harmless)).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.record({ text }), (value) => {
      const line = toJsonLine(value)
      expect(JSON.parse(line)).toEqual(value)
      expect(line).toBe(escapeControls(line))
    }),
  )
})
