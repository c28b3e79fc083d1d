// Builds dist/: the program and the library with esbuild, the library's types with tsc, and the flags
// that the embedded server reads from beside them.

import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildBin } from './build-bin.js'
import { thirdPartyLicences } from './third-party-licences.js'

const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
await rm('dist', { recursive: true, force: true })

await mkdir('dist')
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
  promisify(execFile)('node_modules/.bin/tsc', ['-p', 'scripts/tsconfig.types.json']),
  cp('src/server/flags', 'dist/flags', { recursive: true }),
])

await writeFile('dist/THIRD-PARTY-LICENSES.txt', await thirdPartyLicences(bundles))
