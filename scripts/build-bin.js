import { chmod } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Packages with a bundle of their own, because they are large and not every command needs them. */
const apart = ['undici', 'cli-progress', 'saxes', 'pngjs', 'gifuct-js']

/**
 * Builds the program as CommonJS: Node starts it faster than ES modules, by a fifth of its own start-up time,
 * and one file faster than many. Modules behind an `import()` are set up when it is reached.
 */
export async function buildBin() {
  const common = /** @type {const} */ ({
    bundle: true,
    platform: 'node',
    target: 'node20.18',
    format: 'cjs',
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    // Comments and white space take time to skip. Names stay, so that stack traces can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    // There is no import.meta in CommonJS.
    define: { 'import.meta.dirname': '__dirname' },
    // A script that src/bin.ts runs has no import().
    supported: { 'dynamic-import': false },
    metafile: true,
    logLevel: 'warning',
  })
  const results = await Promise.all([
    build({
      ...common,
      entryPoints: ['src/cli.ts'],
      plugins: [stubForCommander, packagesApart, pagesApart],
    }),
    build({ ...common, entryPoints: { pages: 'scripts/pages-entry.js' } }),
    build({
      ...common,
      entryPoints: {
        ...Object.fromEntries(apart.map((name) => [name, name])),
        undici: 'scripts/undici-entry.cjs',
      },
      alias: {
        'node:http': './scripts/stubs/http.cjs',
        'node:http2': './scripts/stubs/http2.cjs',
        'node:assert': './scripts/stubs/assert.cjs',
      },
    }),
    // A worker thread starts from a separate file; so does the program, which loads the others.
    build({
      ...common,
      entryPoints: { worker: 'src/commands/demo/worker.ts', bin: 'src/bin.ts' },
    }),
  ])
  await chmod('dist/bin.cjs', 0o755)
  return results.map(({ metafile }) => metafile)
}

/** @type {import('esbuild').Plugin} */
const packagesApart = {
  name: 'packages-apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${apart.join('|')})$`) }, ({ path }) => ({
      path: `./${path}.cjs`,
      external: true,
    }))
  },
}

/**
 * The pages of the gallery and the timeline. They are pure, text from facts, and so can have their own
 * copies of what they import.
 *
 * @type {import('esbuild').Plugin}
 */
const pagesApart = {
  name: 'pages-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/pages\/[\w-]+\.js$/ }, () => ({ path: './pages.cjs', external: true }))
  },
}

/**
 * For commander alone: `gallery --open` starts a program.
 *
 * @type {import('esbuild').Plugin}
 */
const stubForCommander = {
  name: 'stub-for-commander',
  setup({ onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules.commander./.test(importer)
        ? { path: fileURLToPath(new URL('stubs/child-process.cjs', import.meta.url)) }
        : undefined,
    )
  },
}
