import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonLines, runFlags } from './helpers/run-flags.js'
import { serveFlags } from './helpers/serve-flags.js'
import { namesIn, tempFolder } from './helpers/temp-folder.js'

/** Flags as the book's server has them, where a checkout has them beside it. */
const realFlags = resolve('../shared/real-flags/flags')
const isThere = existsSync(realFlags)
if (!isThere) console.warn(`no real flags at ${realFlags}: their test is left out`)

describe.runIf(isThere)('194 real flags', () => {
  test('are saved by --all, byte for byte, and no others', async () => {
    const { url } = await serveFlags('--root', realFlags)
    const cwd = await tempFolder()
    const args = ['download', '--all', '--json', '--server', url]
    const { stdout, exitCode } = await runFlags(args, { cwd })
    expect(exitCode).toBe(0)
    const codes = await readdir(realFlags)
    const lines = jsonLines(stdout)
    expect(lines.at(-1)).toMatchObject({ total: 249, saved: codes.length, failed: 0 })
    const files = codes.map((cc) => `${cc}.gif`)
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual([...files, 'flags.json'].sort())
    for (const cc of codes) {
      const saved = await readFile(join(cwd, 'downloaded', `${cc}.gif`))
      expect(saved.equals(await readFile(join(realFlags, cc, `${cc}.gif`)))).toBe(true)
    }
  })
})
