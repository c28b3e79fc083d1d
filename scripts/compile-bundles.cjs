// Downloads a few flags, and saves what Node.js compiled of the program's bundles meanwhile beside them, for
// src/bin.ts. V8 accepts compiled code only with the flags that it was compiled with, and a download sets
// one: here it waits until the bundles loaded before it are saved.

const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const v8 = require('node:v8')
const vm = require('node:vm')

/** @type {[path: string, script: vm.Script][]} */
const loaded = []
vm.Script = class extends vm.Script {
  /** @param {string} code @param {{ filename: string }} options */
  constructor(code, options) {
    super(code, options)
    loaded.push([options.filename, this])
  }
}

const { setFlagsFromString } = v8
const delayed = { flags: '', loadedBefore: 0 }
v8.setFlagsFromString = (flags) => Object.assign(delayed, { flags, loadedBefore: loaded.length })

/** Where src/bin.ts looks for it. @param {string} path */
const compiledPath = (path) => `${path}.${process.version}-${process.arch}`

const dist = join(__dirname, '../dist')
// With this file, even an empty one, the program loads its bundles as scripts.
const first = compiledPath(join(dist, 'cli.cjs'))
writeFileSync(first, '')
const folder = mkdtempSync(join(tmpdir(), 'flags-compile-'))
process.argv = [
  process.execPath,
  '',
  'download',
  '--quiet',
  '--server',
  'local',
  '--output',
  folder,
]
require(join(dist, 'bin.cjs'))

process.once('exit', (status) => {
  rmSync(folder, { recursive: true })
  if (status !== 0) return rmSync(first)
  for (const [index, [path, script]] of loaded.entries()) {
    if (index === delayed.loadedBefore) setFlagsFromString(delayed.flags)
    writeFileSync(compiledPath(path), script.createCachedData())
  }
})
