import { chmod } from 'node:fs/promises'
import { build } from 'esbuild'
import { slimCommander, slimUndici } from './slim-dependencies.js'

/** What has a file of its own, because it is large and not every command needs it. */
const apart = ['undici', 'cli-progress']

/**
 * Builds the program as CommonJS: Node starts that faster than ES modules, by a fifth of what starting
 * Node takes, and one file faster than many. Modules behind an `import()` are set up when it is reached.
 */
export async function buildBin() {
  const common = /** @type {const} */ ({
    bundle: true,
    platform: 'node',
    target: 'node20.18',
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    // Comments and blanks take time to skip. Names stay, so that stack traces can be read.
    minifyWhitespace: true,
    // There is no import.meta in CommonJS.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    metafile: true,
    logLevel: 'warning',
  })
  const results = await Promise.all([
    build({
      ...common,
      entryPoints: ['src/cli.ts'],
      plugins: [slimCommander, packagesApart],
    }),
    build({
      ...common,
      entryPoints: Object.fromEntries(apart.map((name) => [name, name])),
      plugins: [slimUndici],
    }),
    // Worker threads start from files of their own.
    build({
      ...common,
      entryPoints: [
        'src/commands/demo/threaded-spinner-worker.ts',
        'src/commands/demo/slow-job-worker.ts',
      ],
    }),
  ])
  await chmod('dist/cli.cjs', 0o755)
  return results.map(({ metafile }) => metafile)
}

/** @type {import('esbuild').Plugin} */
const packagesApart = {
  name: 'packages-apart',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${apart.join('|')})$`) }, ({ path }) => ({
      path: `./${path}.cjs`,
      external: true,
    }))
  },
}
