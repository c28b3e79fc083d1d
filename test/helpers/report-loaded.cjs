// Given to Node with --require: writes what a program loaded to the file that LOADED_REPORT names.

const { writeFileSync } = require('node:fs')
const { basename } = require('node:path')
const vm = require('node:vm')

/** The files whose compiled code Node took.
 * @type {string[]} */
const compiled = []
vm.Script = class extends vm.Script {
  /** @param {string} code @param {{ filename: string }} options */
  constructor(code, options) {
    super(code, options)
    if (this.cachedDataRejected === false) compiled.push(basename(options.filename))
  }
}

process.once('exit', () => {
  const files = Object.keys(require.cache).map((file) => basename(file))
  // Undocumented, and there since Node's beginnings: all that was loaded of Node itself.
  /** @type {string[]} */
  const loaded = Reflect.get(process, 'moduleLoadList')
  const builtIn = loaded
    .filter((name) => name.startsWith('NativeModule '))
    .map((name) => name.replace('NativeModule ', ''))
  writeFileSync(process.env.LOADED_REPORT ?? '', JSON.stringify({ files, builtIn, compiled }))
})
