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

  test('finds missing and changed files, and exits with 1', async () => {
    const cwd = await downloaded()
    const file = (name: string) => join('downloaded', name)
    await rm(join(cwd, file('br.gif')))
    await writeFile(join(cwd, file('cn.gif')), 'no GIF')
    const { stdout, stderr, exitCode } = await runMain(['verify', 'downloaded', '--json'], { cwd })
    expect(exitCode).toBe(1)
    const changed = `CN changed: ${file('cn.gif')}: not an intact GIF image\n`
    const summary = '2 of 4 flags intact in downloaded\n'
    expect(stderr).toBe(`BR missing: ${file('br.gif')}\n${changed}${summary}`)
    expect(jsonLines(stdout)).toEqual([
      { type: 'file', code: 'BR', format: 'gif', path: file('br.gif'), finding: 'missing' },
      { type: 'file', code: 'CN', format: 'gif', path: file('cn.gif'), finding: 'changed' },
      { type: 'file', code: 'IN', format: 'gif', path: file('in.gif'), finding: 'whole' },
      { type: 'file', code: 'US', format: 'gif', path: file('us.gif'), finding: 'whole' },
      { type: 'summary', total: 4, whole: 2, exitCode: 1 },
    ])
  })

  test('exits with 3 for a file, for a folder without flags.json or with a foreign one, and changes nothing', async () => {
    const cwd = await tempFolder()
    for (const [folder, word] of Object.entries({ '.': '.', 'my flags': '"my flags"' })) {
      expect(await runMain(['verify', folder], { cwd })).toMatchObject({
        exitCode: 3,
        stderr: `error: no flags.json in ${folder}; run 'flags download -o ${word}' first\n`,
      })
    }
    await writeFile(join(cwd, 'flags.json'), 'mine')
    expect(await runMain(['verify', 'flags.json'], { cwd })).toMatchObject({
      exitCode: 3,
      stderr: 'error: flags.json is a file, not a folder\n',
    })
    expect((await runMain(['verify', '.'], { cwd })).exitCode).toBe(3)
    expect(await readFile(join(cwd, 'flags.json'), 'utf8')).toBe('mine')
  })
})
