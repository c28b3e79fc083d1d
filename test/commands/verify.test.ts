import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines, runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

async function downloaded(): Promise<string> {
  const cwd = await tempFolder()
  await runFlags(['download', 'BR', 'CN', 'IN', 'US'], { cwd })
  return cwd
}

describe('flags verify', () => {
  test('finds a folder as it was left', async () => {
    const cwd = await downloaded()
    expect(await runFlags(['verify'], { cwd })).toEqual({
      stdout: '',
      stderr: '4 of 4 flags whole in downloaded\n',
      exitCode: 0,
      signal: null,
    })
  })

  test('finds what is missing, cut and swapped, and exits with 1', async () => {
    const cwd = await downloaded()
    const file = (name: string) => join(cwd, 'downloaded', name)
    await rm(file('br.gif'))
    await writeFile(file('cn.gif'), (await readFile(file('cn.gif'))).subarray(0, 100))
    await writeFile(file('in.gif'), await readFile(file('us.gif')))
    const { stdout, stderr, exitCode } = await runFlags(['verify', 'downloaded', '--json'], { cwd })
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      [
        `BR missing: ${join('downloaded', 'br.gif')}: the file is not there`,
        `CN changed: ${join('downloaded', 'cn.gif')}: no longer a whole GIF image`,
        `IN changed: ${join('downloaded', 'in.gif')}: another SHA-256 than recorded`,
        '1 of 4 flags whole in downloaded',
        '',
      ].join('\n'),
    )
    const lines = jsonLines(stdout)
    expect(lines.at(-1)).toEqual({ type: 'summary', total: 4, whole: 1, exitCode: 1 })
    expect(lines.map(({ status }) => status)).toEqual([
      'missing',
      'changed',
      'changed',
      'whole',
      undefined,
    ])
  })

  test('of a folder without a record, or with a foreign one, exits with 3 and changes nothing', async () => {
    const cwd = await tempFolder()
    const none = await runFlags(['verify', '.'], { cwd })
    expect(none).toMatchObject({
      exitCode: 3,
      stderr: 'error: cannot read flags.json: there is none; flags download makes one\n',
    })
    await writeFile(join(cwd, 'flags.json'), 'mine')
    expect((await runFlags(['verify', '.'], { cwd })).exitCode).toBe(3)
    expect(await readFile(join(cwd, 'flags.json'), 'utf8')).toBe('mine')
  })
})
