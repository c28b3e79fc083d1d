import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flagServer } from '../helpers/flag-server.js'
import { flagsBin, runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

const hook = resolve('test/helpers/report-loaded.cjs')

/** What a run loads: the files, and Node's own modules, which show what was set up of the files. */
async function loadedBy(...args: string[]): Promise<{ files: string[]; builtIn: string[] }> {
  const cwd = await tempFolder()
  const report = join(cwd, 'loaded.json')
  const env = { NODE_OPTIONS: `--require "${hook}"`, LOADED_REPORT: report }
  expect(await runFlags(args, { cwd, env })).toMatchObject({ exitCode: 0 })
  const { files, builtIn } = JSON.parse(await readFile(report, 'utf8'))
  return { files: files.filter((file: string) => file !== 'report-loaded.cjs'), builtIn }
}

describe('to start fast', () => {
  test.each([['--version'], ['download', '--help']])(
    'flags %s %s loads one file',
    async (...args) => {
      const { files, builtIn } = await loadedBy(...args.filter(Boolean))
      expect(files).toEqual(['cli.cjs'])
      // Of the server, of undici, of the store, of commander where it starts programs, of cli-progress.
      for (const name of ['http', 'http2', 'crypto', 'child_process', 'readline', 'zlib', 'v8']) {
        expect(builtIn).not.toContain(name)
      }
    },
  )

  test('that file is small', () => {
    expect(statSync(flagsBin).size).toBeLessThan(310_000)
  })

  test("a download from elsewhere loads undici, and neither Node's HTTP, nor zlib, nor a bar", async () => {
    const { url } = await flagServer()
    const { files, builtIn } = await loadedBy('download', 'BR', '-s', url)
    expect(files).toEqual(['cli.cjs', 'undici.cjs'])
    for (const name of [
      'http',
      'http2',
      'fs/promises',
      'perf_hooks',
      'child_process',
      'readline',
      'zlib',
    ]) {
      expect(builtIn).not.toContain(name)
    }
  })
})
