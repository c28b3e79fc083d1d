#!/usr/bin/env node
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'

const program = join(__dirname, 'cli.cjs')

// Compiling the bundles takes up to a quarter of a short run. The build compiles them for its version of
// Node.js (scripts/compile-bundles.cjs); elsewhere, Node.js 22.8 and later cache what they compile.
if (existsSync(compiledPath(program))) require.extensions['.cjs'] = runCompiled
else enableCompileCache()

require(program)

/** Runs a CommonJS module as Node.js does. */
function runCompiled(module: NodeJS.Module, path: string): void {
  const start = '(function (exports, require, module, __filename, __dirname) {'
  const run = new Script(`${start}${readFileSync(path, 'utf8')}\n})`, {
    filename: path,
    columnOffset: -start.length,
    cachedData: compiledCode(path),
  }).runInThisContext()
  run(module.exports, (id: string) => module.require(id), module, path, dirname(path))
}

function compiledPath(path: string): string {
  return `${path}.${process.version}-${process.arch}`
}

/** Undefined where there is none, or the bundle is newer: V8 compares no more than the source's length. */
function compiledCode(path: string): Buffer | undefined {
  const compiled = compiledPath(path)
  try {
    return statSync(compiled).mtimeMs < statSync(path).mtimeMs ? undefined : readFileSync(compiled)
  } catch {
    return undefined
  }
}

/** In a folder of the user's: in Node's default, below that for temporary files, others could put code. */
function enableCompileCache(): void {
  // Loaded only here: with the build's compiled code, neither is needed to start.
  const { homedir } = process.getBuiltinModule('node:os')
  const nodeModule = process.getBuiltinModule('node:module')
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: (to: string) => void }
  const { XDG_CACHE_HOME = '', LOCALAPPDATA } = process.env
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : LOCALAPPDATA
  enable?.(join(caches ?? join(homedir(), '.cache'), 'flag-downloader'))
}
