#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const program = join(__dirname, 'cli.cjs')

// Compiling the bundles takes up to a quarter of a short run. The build compiles them for its version of
// Node.js (scripts/compile-bundles.cjs); elsewhere, Node.js 22.8 and later cache what they compile.
if (existsSync(compiledPath(program))) require.extensions['.cjs'] = runCompiled
else enableCompileCache()

require(program)

/** Runs a CommonJS module as Node.js does. */
function runCompiled(module: NodeJS.Module, path: string): void {
  const source = readFileSync(path, 'utf8')
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`
  const options = { filename: path, cachedData: readIfPresent(compiledPath(path)) }
  const run = new Script(wrapped, options).runInThisContext()
  run(module.exports, (id: string) => module.require(id), module, path, dirname(path))
}

function compiledPath(path: string): string {
  return `${path}.${process.version}`
}

function readIfPresent(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined
}

function enableCompileCache(): void {
  const nodeModule = process.getBuiltinModule('node:module')
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: () => unknown }
  enable?.()
}
