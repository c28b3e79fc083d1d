import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
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
  const env = { NODE_OPTIONS: `--require "${hook}"`, LOADED_REPORT: join(cwd, 'loaded.json') }
  expect(await runFlags(args, { cwd, env })).toMatchObject({ exitCode: 0 })
  return readReport(cwd)
}

async function readReport(cwd: string): Promise<Loaded> {
  const { files, ...rest } = JSON.parse(await readFile(join(cwd, 'loaded.json'), 'utf8'))
  return { files: files.filter((file: string) => file !== 'report-loaded.cjs'), ...rest }
}

describe('a fast start', () => {
  test.each(['--version', 'download --help'])(
    'flags %s loads one bundle, compiled',
    async (line) => {
      const { files, compiled, builtIn } = await loadedBy(...line.split(' '))
      expect(files).toEqual(['bin.cjs', 'cli.cjs'])
      expect(compiled).toEqual(['cli.cjs'])
      // Of the server, of undici, of the store, of commander where it starts programs, of cli-progress.
      const others = 'http http2 crypto child_process readline zlib v8 os'.split(' ')
      expect(builtIn.filter((name) => others.includes(name))).toEqual([])
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
    const others = 'http http2 fs/promises perf_hooks child_process readline zlib'.split(' ')
    expect(builtIn.filter((name) => others.includes(name))).toEqual([])
  })
})

describe('the program without usable compiled code', () => {
  type Spoil = (compiled: string) => Promise<unknown>

  test.each<[string, Spoil, string]>([
    ['starts where there is none', (compiled) => rm(compiled), ''],
    ['starts where it is older than its bundle', (compiled) => utimes(compiled, 0, 0), ''],
    ['starts where it cannot be read', (file) => rm(file).then(() => mkdir(file)), ''],
    ['starts where V8 was given other flags', async () => {}, '--max-old-space-size=500'],
  ])('%s', async (_, spoil, options) => {
    const root = await tempFolder()
    await mkdir(join(root, 'dist'))
    await copyFile('package.json', join(root, 'package.json'))
    for (const name of (await readdir('dist')).filter((each) => each.includes('cli.cjs')).sort()) {
      await copyFile(join('dist', name), join(root, 'dist', name))
    }
    await copyFile('dist/bin.cjs', join(root, 'dist', 'bin.cjs'))
    const compiled = `cli.cjs.${process.version}-${process.arch}`
    await spoil(join(root, 'dist', compiled))
    const env = {
      ...process.env,
      NODE_OPTIONS: `${options} --require "${hook}"`,
      LOADED_REPORT: join(root, 'loaded.json'),
      XDG_CACHE_HOME: root,
    }
    const args = [join(root, 'dist', 'bin.cjs'), '--version']
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env })
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: '' })
    expect((await readReport(root)).compiled).toEqual([])
  })
})

test('the built program replaces its own gallery', async () => {
  const cwd = await tempFolder()
  const args = ['download', 'BR', '--gallery', '--quiet']
  expect(await runFlags(args, { cwd })).toMatchObject({ exitCode: 0 })
  expect(await runFlags(args, { cwd })).toMatchObject({ exitCode: 0 })
})
