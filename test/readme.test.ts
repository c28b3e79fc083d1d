import { spawnSync } from 'node:child_process'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitMeanings } from '../src/exit-codes.js'
import { flagsBin, runFlags } from './helpers/run-flags.js'
import { tempFolder } from './helpers/temp-folder.js'

const readme = await readFile('README.md', 'utf8')

const blocks = [...readme.matchAll(/<!-- flags (.*) -->\n```text\n([\s\S]*?)```/g)]
const transcripts = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, text = '']) => text)

describe('the README', () => {
  test('has usage blocks, and transcripts that show commands', () => {
    expect(blocks.length).toBeGreaterThan(0)
    expect(transcripts.length).toBeGreaterThan(0)
    for (const transcript of transcripts) expect(transcript).toMatch(/^\$ flags /m)
  })

  test.each(blocks.map(([, args = '', text = '']) => [args, text]))(
    'shows what flags %s prints',
    async (args, text) => {
      expect((await runFlags(args.split(' '))).stdout).toBe(text)
    },
  )

  test('lists every exit status', () => {
    const section = /## Exit status\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
    const rows = [...section.matchAll(/^\| (\d[\d, ]*) \| (.*) \|$/gm)]
    expect(rows.map(([, codes, meaning]) => [codes, meaning])).toEqual(exitMeanings)
  })

  test.each(transcripts)('shows what these commands print:\n%s', async (transcript) => {
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'bin'))
    await symlink(flagsBin, join(cwd, 'bin', 'flags'))
    const env = { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env.PATH}` }
    let printed = ''
    for (const [, command = ''] of transcript.matchAll(/^\$ (.*)$/gm)) {
      const shell = ['-c', `exec 2>&1; ${command}`]
      const { stdout } = spawnSync('sh', shell, { cwd, env, encoding: 'utf8' })
      printed += `$ ${command}\n${stdout}`
    }
    expect(comparable(printed)).toBe(comparable(transcript))
  })
})

/** Times are never the same, and flags that end together may do so in either order. */
function comparable(transcript: string): string {
  const lines = transcript.replace(/\d+\.\d\ds/g, '0.00s').split('\n')
  const paths = lines.filter((line) => line.startsWith('downloaded/')).sort()
  return lines.map((line) => (line.startsWith('downloaded/') ? paths.shift() : line)).join('\n')
}
