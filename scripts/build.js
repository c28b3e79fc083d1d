// Builds dist/: the program and the library with esbuild, the library's types with tsc, the flags of the
// embedded server, and the man page.

import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildBin } from './build-bin.js'
import { thirdPartyLicenses } from './third-party-licenses.js'

const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
await rm('dist', { recursive: true, force: true })

await mkdir('dist')
const run = promisify(execFile)
const [bundles] = await Promise.all([
  buildBin(),
  build({
    bundle: true,
    platform: 'node',
    target: 'node20.18',
    format: 'esm',
    splitting: true,
    external: Object.keys(dependencies),
    entryPoints: ['src/index.ts'],
    outdir: 'dist',
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
  }),
  run('node_modules/.bin/tsc', ['-p', 'scripts/tsconfig.types.json']),
  cp('src/server/flags', 'dist/flags', { recursive: true }),
  writeManPage(),
])

await writeFile('dist/THIRD-PARTY-LICENSES.txt', await thirdPartyLicenses(bundles))
await compileBundles()

/** The program works without: it takes longer to start. */
async function compileBundles() {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^FLAGS_|^NODE_OPTIONS$/.test(name),
  )
  const env = Object.fromEntries(others)
  await run(process.execPath, ['scripts/compile-bundles.cjs'], { env }).catch((error) => {
    console.warn(`the bundles are not compiled: ${error.stderr || error}`)
  })
}

/** Writes dist/flags.1, with a module that is built for this and removed again. */
async function writeManPage() {
  const outfile = 'dist/man-page.mjs'
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    entryPoints: ['scripts/man-page.ts'],
    outfile,
    logLevel: 'warning',
  })
  const { manPage } = await import(pathToFileURL(resolve(outfile)).href)
  await writeFile('dist/flags.1', await manPage())
  await rm(outfile)
}
