// The floor of the stack: the least that a Node program must do to download flags with undici, compute their
// SHA-256 and put them in place whole. Arguments: base URL, folder, concurrency, and a file of country codes,
// one a line.

const { hash } = require('node:crypto')
const fs = require('node:fs')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Agent } = require('../dist/undici.cjs')

// As the program does: see src/commands/download/run.ts.
setFlagsFromString('--liftoff-only')

const [baseUrl = '', folder = '', connections, codesFile = ''] = process.argv.slice(2)
const codes = fs.readFileSync(codesFile, 'utf8').trim().split('\n')
const agent = new Agent({ connections: Number(connections), pipelining: 1 })
/** @type {Record<string, string>} */
const digests = {}
fs.mkdirSync(folder, { recursive: true })
for (const code of codes) download(code)

/** @param {string} code */
function download(code) {
  /** @type {Buffer[]} */
  const chunks = []
  const { origin, pathname } = new URL(`${baseUrl}/${code}/${code}.gif`)
  agent.dispatch(
    { origin, path: pathname, method: 'GET' },
    {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => save(code, Buffer.concat(chunks)),
      onResponseError(_controller, error) {
        throw error
      },
    },
  )
}

/**
 * @param {string} code
 * @param {Buffer} body
 */
function save(code, body) {
  digests[code] = hash('sha256', body)
  const path = join(folder, `${code}.gif`)
  fs.writeFile(`${path}.tmp`, body, (error) => {
    if (error) throw error
    fs.rename(`${path}.tmp`, path, finish)
  })
}

let saved = 0

/** @param {Error | null} error */
function finish(error) {
  if (error) throw error
  saved += 1
  if (saved === codes.length) agent.destroy()
}
