import { expect, test } from 'vitest'
import { parseCodeList } from '../../src/selection/code-list.js'

test.each([
  ['BR CN', ['BR', 'CN']],
  ['BR,CN, IN ,\tUS', ['BR', 'CN', 'IN', 'US']],
  ['BR\r\nCN\n\nIN', ['BR', 'CN', 'IN']],
  ['# Asia\nCN # China, IN\n#', ['CN']],
  ['\ufeffBR', ['BR']],
  ['', []],
  [' ,\n', []],
])('%j lists %j', (list, words) => {
  expect(parseCodeList(list, 'list').map(({ text }) => text)).toEqual(words)
})

test('each word knows its line', () => {
  expect(parseCodeList('BR\n\nCN IN', 'codes.txt')).toEqual([
    { text: 'BR', place: 'codes.txt, line 1' },
    { text: 'CN', place: 'codes.txt, line 3' },
    { text: 'IN', place: 'codes.txt, line 3' },
  ])
})
