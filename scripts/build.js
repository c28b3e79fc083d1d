// Builds dist/: the bin and the library with esbuild, the library's types with tsc, and the flags
// that the embedded server reads from beside them.

import { execFile } from 'node:child_process'
import { chmod, cp, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { thirdPartyLicences } from './third-party-licences.js'

await rm('dist', { recursive: true, force: true })

const common = /** @type {const} */ ({
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  chunkNames: '[name]-[hash]',
  logLevel: 'warning',
})

const [bin] = await Promise.all([
  build({
    ...common,
    // Worker threads start from files of their own, beside the chunk that names them.
    entryPoints: {
      cli: 'src/cli.ts',
      'spin-worker': 'src/demo/spin-worker.ts',
      'slow-job-worker': 'src/demo/slow-job-worker.ts',
    },
    metafile: true,
    // commander, cli-progress and undici are CommonJS and call require() for Node's own modules.
    banner: {
      js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
    },
  }),
  build({ ...common, entryPoints: ['src/index.ts'], packages: 'external' }),
  promisify(execFile)('node_modules/.bin/tsc', ['-p', 'scripts/tsconfig.types.json']),
  cp('src/server/flags', 'dist/flags', { recursive: true }),
])

await chmod('dist/cli.js', 0o755)
await writeFile('dist/THIRD-PARTY-LICENSES.txt', await thirdPartyLicences(bin.metafile))
