import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/endings/exit-code.js'
import { runFlags } from './helpers/run-flags.js'

const readme = await readFile('README.md', 'utf8')

describe('the README', () => {
  const blocks = [...readme.matchAll(/<!-- flags (.*) -->\n```text\n([\s\S]*?)```/g)]

  test('has a usage block', () => expect(blocks.length).toBeGreaterThan(0))

  test.each(blocks.map(([, words = '', text = '']) => [words, text]))(
    'shows what flags %s prints',
    async (words, text) => {
      expect((await runFlags(words.split(' '))).stdout).toBe(text)
    },
  )

  test('lists every exit status', () => {
    const section = /## Exit status\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
    const listed = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) =>
      codes.split(', ').map(Number),
    )
    expect(listed).toEqual(Object.values(exitCode))
  })
})
