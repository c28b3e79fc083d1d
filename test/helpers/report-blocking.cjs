// Loaded into the program before it starts: prints every synchronous call of a Node module that is made
// from the first connection on. Before it, modules are loaded, which is synchronous.

const { subscribe } = require('node:diagnostics_channel')
const fs = require('node:fs')

/** @type {string[]} */
const calls = []
let isRunning = false
const { writeSync } = fs

for (const name of ['fs', 'zlib', 'crypto', 'child_process']) {
  const module = require(`node:${name}`)
  for (const [key, value] of Object.entries(module)) {
    if (!key.endsWith('Sync') || typeof value !== 'function') continue
    module[key] = (/** @type {unknown[]} */ ...args) => {
      if (isRunning) calls.push(`${name}.${key}`)
      return value(...args)
    }
  }
}

subscribe('undici:client:connected', () => {
  isRunning = true
})
process.once('exit', () => {
  writeSync(
    2,
    `synchronous calls: ${calls.join(', ') || 'none'}${isRunning ? '' : ', not connected'}\n`,
  )
})
