// Downloads a few flags, and keeps what Node.js compiled of the program's bundles meanwhile beside them, for
// src/bin.ts. V8 takes compiled code only with the flags that it was made with, and a download sets one:
// here that is put off until the bundles that were loaded before it are kept.

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

// With this file, if only an empty one, the program loads its bundles as scripts.
const dist = join(__dirname, '../dist')
writeFileSync(join(dist, `cli.cjs.${process.version}`), '')
const folder = mkdtempSync(join(tmpdir(), 'flags-compile-'))
process.argv = [process.execPath, '', 'download', '--quiet', '--output', folder]
require(join(dist, 'bin.cjs'))

process.once('exit', () => {
  rmSync(folder, { recursive: true })
  for (const [index, [path, script]] of loaded.entries()) {
    if (index === delayed.loadedBefore) setFlagsFromString(delayed.flags)
    writeFileSync(`${path}.${process.version}`, script.createCachedData())
  }
})
