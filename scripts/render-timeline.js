// Makes the README's picture docs/timeline.svg of a run of the built program, after `npm run build`:
// against a server that answers after 60 ms, and every sixth time with a failure that a retry mends.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

let requests = 0
const server = createServer(async (request, response) => {
  requests += 1
  const isFailing = requests % 6 === 0
  const code = /(\w\w)\.gif$/.exec(request.url ?? '')?.[1]
  const body = await readFile(`dist/flags/${code}/${code}.gif`)
  await sleep(60)
  response.writeHead(isFailing ? 503 : 200).end(isFailing ? '' : body)
}).listen(0, '127.0.0.1')
await new Promise((listening) => server.once('listening', listening))

const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
const folder = await mkdtemp(join(tmpdir(), 'flags-timeline-'))
const args = ['--server', `http://127.0.0.1:${port}`, '--timeline', resolve('docs/timeline.svg')]
try {
  await promisify(execFile)(resolve('dist/cli.cjs'), ['download', ...args], { cwd: folder })
} finally {
  server.close()
  await rm(folder, { recursive: true, force: true })
}
