import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { parseCodeList, selectFromArgs } from '../../src/selection/code-list.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('parseCodeList', () => {
  test.each([
    ['BR CN', ['BR', 'CN']],
    ['BR,CN, IN ,\tUS', ['BR', 'CN', 'IN', 'US']],
    ['BR\r\nCN\n\nIN\rUS', ['BR', 'CN', 'IN', 'US']],
    ['# Asia\nCN # China, IN\n#', ['CN']],
    ['\ufeffBR', ['BR']],
    ['South Korea\nBR  CN', ['South Korea', 'BR', 'CN']],
    ['Viet Nam, Brazil,x y', ['Viet Nam', 'Brazil', 'x', 'y']],
    ['Korea, Republic of', ['Korea, Republic of']],
    ['BQ\tBonaire, Sint Eustatius and Saba\nBR\tCN', ['BQ', 'BR', 'CN']],
    ['', []],
    [' ,\n', []],
  ])('%j lists %j', (list, codes) => {
    expect(parseCodeList(list, 'list').map(({ text }) => text)).toEqual(codes)
  })

  test('gives each entry its line', () => {
    expect(parseCodeList('BR\n\nCN IN', 'codes.txt')).toEqual([
      { text: 'BR', place: 'codes.txt, line 1' },
      { text: 'CN', place: 'codes.txt, line 3' },
      { text: 'IN', place: 'codes.txt, line 3' },
    ])
  })
})

describe('selectFromArgs', () => {
  const { signal } = new AbortController()
  const stdin = (...chunks: string[]) => Readable.from(chunks) as NodeJS.ReadStream
  const select = (args: string[], from?: string, input = stdin()) =>
    selectFromArgs(args, { from: from === undefined ? [] : [from] }, { stdin: input, signal })

  test('reads stdin for -, the file of --from, and each of them once', async () => {
    const file = join(await tempFolder(), 'codes.txt')
    await writeFile(file, 'CN # China')
    const { codes } = await select(['BR', '-', '-'], file, stdin('I', 'N\n'))
    expect(codes).toEqual(['BR', 'CN', 'IN'])
  })

  test.each([
    ['', /^no codes in stdin$/],
    ['BR\nQQQ', /^stdin, line 2: unknown country 'QQQ'/],
    ['BR\n'.repeat(400_000), /^the list of codes in stdin is longer than 1 MB$/],
  ])('refuses the list %.10j', async (list, message) => {
    await expect(select(['-'], undefined, stdin(list))).rejects.toThrow(message)
  })

  test('reads no more of an endless list than the limit', async () => {
    let chunks = 0
    const endless = function* () {
      for (;;) {
        chunks += 1
        yield 'BR\n'.repeat(10_000)
      }
    }
    const input = Readable.from(endless()) as NodeJS.ReadStream
    await expect(select(['-'], undefined, input)).rejects.toThrow(/longer than 1 MB/)
    expect(chunks).toBeLessThan(100)
  })

  test('refuses a file that cannot be read, and a terminal as stdin', async () => {
    const missing = join(await tempFolder(), 'none')
    await expect(select([], missing)).rejects.toThrow(`cannot read ${missing}: no such file`)
    const terminal = Object.assign(stdin(), { isTTY: true })
    await expect(select(['-'], undefined, terminal)).rejects.toThrow(/^stdin is a terminal/)
  })

  test('stops reading when the signal aborts', async () => {
    const stop = new AbortController()
    const input = new Readable({ read() {} }) as NodeJS.ReadStream
    const selecting = selectFromArgs(['-'], {}, { stdin: input, signal: stop.signal })
    stop.abort(new Error('stopped'))
    await expect(selecting).rejects.toThrow('stopped')
  })
})
