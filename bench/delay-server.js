// Serves the files below a folder after a fixed delay for each: what nginx cannot do without modules.
// `node bench/delay-server.js <folder> <ms>`; prints its URL.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [, , folder = '.', delayMs = '50'] = process.argv
/** @type {Map<string, Promise<Buffer | undefined>>} */
const bodies = new Map()

const server = createServer(async ({ url = '' }, response) => {
  const path = join(folder, normalize(url))
  if (!bodies.has(path))
    bodies.set(
      path,
      readFile(path).catch(() => undefined),
    )
  const [body] = await Promise.all([bodies.get(path), sleep(Number(delayMs))])
  response.writeHead(body ? 200 : 404, { 'Content-Length': body?.length ?? 0 })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
