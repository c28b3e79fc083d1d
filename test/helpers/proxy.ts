import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tempFolder } from './temp-folder.js'

/** A real proxy (tinyproxy) on a free port, which ends with the test; `config` is added to its own. */
export async function startProxy(...config: readonly string[]) {
  const port = await freePort()
  const file = join(await tempFolder(), 'tinyproxy.conf')
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'LogLevel Info', 'ViaProxyName "tested"']
  await writeFile(file, [...lines, ...config, ''].join('\n'))

  const child = spawn('tinyproxy', ['-d', '-c', file])
  onTestFinished(() => void child.kill('SIGKILL'))
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    log += text
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`tinyproxy ended: ${log}`)
  })
  ended.catch(() => {})
  while (!log.includes('Accepting connections')) {
    await Promise.race([once(child.stdout, 'data'), ended])
  }
  return {
    host: `127.0.0.1:${port}`,
    /** The requests that it was sent so far, first lines only: `GET http://… HTTP/1.1`. */
    requests: () => [...log.matchAll(/Request \(.*?\): (.*)/g)].map(([, line = '']) => line),
  }
}

/** A port of this machine on which nothing listens yet. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
