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

// If this file exists, even empty, the program loads its bundles as scripts.
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
