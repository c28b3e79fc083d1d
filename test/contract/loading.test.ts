import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flagServer } from '../helpers/flag-server.js'
import { runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

const hook = resolve('test/helpers/report-loaded.cjs')

interface Loaded {
  readonly files: readonly string[]
  /** Those of the files that the build had compiled. */
  readonly compiled: readonly string[]
  /** Node's own modules, which show which parts of the files were set up. */
  readonly builtIn: readonly string[]
}

async function loadedBy(...args: string[]): Promise<Loaded> {
  const cwd = await tempFolder()
  const report = join(cwd, 'loaded.json')
  const env = { NODE_OPTIONS: `--require "${hook}"`, LOADED_REPORT: report }
  expect(await runFlags(args, { cwd, env })).toMatchObject({ exitCode: 0 })
  const { files, ...rest } = JSON.parse(await readFile(report, 'utf8'))
  return { files: files.filter((file: string) => file !== 'report-loaded.cjs'), ...rest }
}

describe('a fast start', () => {
  test.each([['--version'], ['download', '--help']])(
    'flags %s %s loads one bundle, compiled',
    async (...args) => {
      const { files, compiled, builtIn } = await loadedBy(...args.filter(Boolean))
      expect(files).toEqual(['bin.cjs', 'cli.cjs'])
      expect(compiled).toEqual(['cli.cjs'])
      // Of the server, of undici, of the store, of commander where it starts programs, of cli-progress.
      for (const name of ['http', 'http2', 'crypto', 'child_process', 'readline', 'zlib', 'v8']) {
        expect(builtIn).not.toContain(name)
      }
    },
  )

  test('that bundle is small', () => {
    expect(statSync('dist/cli.cjs').size).toBeLessThan(310_000)
  })

  test("a download from a remote server loads undici, but neither Node's HTTP, nor zlib, nor a bar", async () => {
    const { url } = await flagServer()
    const { files, compiled, builtIn } = await loadedBy('download', 'BR', '-s', url)
    expect(files).toEqual(['bin.cjs', 'cli.cjs', 'undici.cjs'])
    expect(compiled).toEqual(['cli.cjs', 'undici.cjs'])
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
