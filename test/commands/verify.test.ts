import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { tempFolder } from '../helpers/temp-folder.js'

async function downloaded(): Promise<string> {
  const cwd = await tempFolder()
  await runMain(['download', 'BR', 'CN', 'IN', 'US'], { cwd })
  return cwd
}

describe('flags verify', () => {
  test('finds an unchanged folder intact', async () => {
    const cwd = await downloaded()
    expect(await runMain(['verify'], { cwd })).toEqual({
      stdout: '',
      stderr: '4 of 4 flags intact in downloaded\n',
      exitCode: 0,
    })
  })

  test('finds missing, cut and swapped files, and exits with 1', async () => {
    const cwd = await downloaded()
    const file = (name: string) => join(cwd, 'downloaded', name)
    await rm(file('br.gif'))
    await writeFile(file('cn.gif'), (await readFile(file('cn.gif'))).subarray(0, 100))
    const { length: inBytes } = await readFile(file('in.gif'))
    await writeFile(file('in.gif'), await readFile(file('us.gif')))
    const { stdout, stderr, exitCode } = await runMain(['verify', 'downloaded', '--json'], { cwd })
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      [
        `BR missing: ${join('downloaded', 'br.gif')}`,
        `CN changed: ${join('downloaded', 'cn.gif')}: not an intact GIF image`,
        `IN changed: ${join('downloaded', 'in.gif')}: larger than the ${inBytes} bytes recorded`,
        '1 of 4 flags intact in downloaded',
        '',
      ].join('\n'),
    )
    const lines = jsonLines(stdout)
    expect(lines.at(-1)).toEqual({ type: 'summary', total: 4, whole: 1, exitCode: 1 })
    expect(lines.map(({ finding }) => finding)).toEqual([
      'missing',
      'changed',
      'changed',
      'whole',
      undefined,
    ])
  })

  test('exits with 3 for a file, for a folder without flags.json or with a foreign one, and changes nothing', async () => {
    const cwd = await tempFolder()
    for (const [folder, word] of [
      ['.', '.'],
      ['my flags', '"my flags"'],
    ] as const) {
      expect(await runMain(['verify', folder], { cwd })).toMatchObject({
        exitCode: 3,
        stderr: `error: no flags.json in ${folder}; run 'flags download -o ${word}' first\n`,
      })
    }
    await writeFile(join(cwd, 'flags.json'), 'mine')
    const file = await runMain(['verify', 'flags.json'], { cwd })
    expect(file).toMatchObject({
      exitCode: 3,
      stderr: 'error: flags.json is a file, not a folder\n',
    })
    expect((await runMain(['verify', '.'], { cwd })).exitCode).toBe(3)
    expect(await readFile(join(cwd, 'flags.json'), 'utf8')).toBe('mine')
  })
})
