import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { jsonLines } from './helpers/run-flags.js'
import { runMain } from './helpers/run-main.js'
import { serveFlags } from './helpers/serve-flags.js'
import { namesIn, tempFolder } from './helpers/temp-folder.js'

/** Flags as the book's server has them, if they are beside the checkout. */
const realFlags = resolve('../shared/real-flags/flags')
const isThere = existsSync(realFlags)
if (!isThere) console.warn(`no real flags at ${realFlags}: their test is left out`)

test.runIf(isThere)(
  '194 real flags are saved by --all, byte for byte, each under a name of its own',
  async () => {
    const { url } = await serveFlags('--root', realFlags)
    const output = await tempFolder()
    const args = ['download', '--all', '--name-by', 'country', '--json', '-s', url, '-o', output]
    const { stdout, exitCode } = await runMain(args)
    expect(exitCode).toBe(0)
    const lines = jsonLines(stdout)
    expect(lines.at(-1)).toMatchObject({ total: 249, saved: 194, failed: 0 })
    const saved = lines.filter(({ status }) => status === 'saved')
    const codes = saved.map(({ code }) => code.toLowerCase())
    expect(codes.sort()).toEqual((await readdir(realFlags)).sort())
    const files = saved.map(({ path }) => basename(path))
    expect(await namesIn(output)).toEqual([...files, 'flags.json'].sort())
    expect(files).toContain('Saudi_Arabia.gif')
    for (const { code, path } of saved) {
      const cc = code.toLowerCase()
      const real = await readFile(join(realFlags, cc, `${cc}.gif`))
      expect(real.equals(await readFile(path))).toBe(true)
    }
  },
)
