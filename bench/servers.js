import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {{ url: string, stop: () => Promise<void> }} Server */

/**
 * nginx in the foreground, with a configuration of its own, serving the files below `root`.
 *
 * @param {string} root
 * @param {string} folder for all that nginx writes
 * @returns {Promise<Server>}
 */
export async function startNginx(root, folder) {
  if (spawnSync('nginx', ['-v']).error) {
    throw new Error('nginx is not installed (Debian: apt-get install nginx-light)')
  }
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), configuration(root, folder, port))
  const words = ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log']
  const child = spawn('nginx', words, { stdio: 'inherit' })
  await answers(port)
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) }
}

/**
 * @param {string} root
 * @param {number} delayMs
 * @returns {Promise<Server>}
 */
export async function startDelayServer(root, delayMs) {
  const words = ['bench/delay-server.js', root, String(delayMs)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { url: String(line).trim(), stop: () => stop(child) }
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {number} port
 */
function configuration(root, folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 1000000; types { image/gif gif; }
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port} backlog=2048; root ${root}; }
}
`
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** @param {number} port */
async function answers(port) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(50)
  }
  throw new Error('nginx did not start')
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
