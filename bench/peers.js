// Compares the built program with the other downloaders that are installed, on this machine, and prints their
// times: `npm run bench:peers`, `npm run bench:peers -- --runs 30`. Missing programs are left out.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' } } })
// With this variable set, Node reads a list of certificates at each start.
const { NODE_EXTRA_CA_CERTS: certificates, ...env } = process.env

// A folder of other flags, in the layout of dist/flags.
const served = resolve(process.env.FLAGS_FOLDER ?? 'dist/flags')
const codes = (await readdir(served)).filter((name) => /^[a-z]{2}$/.test(name))
// In memory where the system has a folder for that, so that the disk does not affect the comparison.
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const folder = await mkdtemp(join(memory, 'flags-bench-'))
const out = join(folder, 'out')
const flags = `${process.execPath} dist/bin.cjs`

/** @type {import('node:child_process').ChildProcess[]} */
const servers = []
try {
  await compareAll()
} finally {
  for (const server of servers) server.kill()
  await rm(folder, { recursive: true })
}

async function compareAll() {
  console.log(
    `${codes.length} flags from ${served}, ${values.runs} runs of each command, saved to ${memory}`,
  )
  if (certificates) console.log('NODE_EXTRA_CA_CERTS is set here; it is left out for every command')
  console.log()
  const fast = (await startNginx()) ?? (await startServer())
  const slow = await startServer('--delay', '0.05')

  table('Start-up', [
    ['node -e 0', `${process.execPath} -e 0`],
    ['flags --version', `${flags} --version`],
    ['flags download --help', `${flags} download --help`],
  ])
  const clean = () => rmSync(out, { recursive: true, force: true })
  const one = `${flags} download br -s ${fast} -o ${out}`
  const standard = `${flags} download -o ${out}`
  const few = [
    ['node -e 0', `${process.execPath} -e 0`],
    ['one flag', one],
    ['the default command: 20 flags, embedded server', standard],
  ]
  table('Few flags', /** @type {[string, string][]} */ (few), clean)
  table('No delay, 5 at once', await downloaders(fast, 5), clean)
  table('50 ms before each answer, 5 at once', await downloaders(slow, 5), clean)
  table('50 ms before each answer, 50 at once', await downloaders(slow, 50), clean)
  const again = flagsCommand(fast, 5)
  table('All saved again, and all unchanged', [
    ['flags --force', `${again} --force`],
    ['flags', again],
  ])
  for (const jobs of [2000, 20_000]) {
    const args = ['--expose-gc', 'bench/core-jobs.js', fast, join(folder, 'core'), `${jobs}`]
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' })
    console.log(`${jobs} flags through the library: ${printed.trim()}`)
  }
}

/**
 * Runs the commands in turn, so that a busy moment of the machine slows all of them, and prints their
 * times. The first two runs do not count.
 *
 * @param {string} title
 * @param {(readonly [name: string, command: string])[]} commands
 * @param {() => void} prepare
 */
function table(title, commands, prepare = () => {}) {
  const times = new Map(commands.map(([name]) => [name, /** @type {number[]} */ ([])]))
  for (let run = -2; run < Number(values.runs); run++) {
    for (const [name, command] of commands) {
      prepare()
      const ms = timeOf(command)
      if (run >= 0) times.get(name)?.push(ms)
    }
  }
  console.log(
    `${title}\n\n| command | median, ms | min, ms | max, ms | median : the first |\n|---|---:|---:|---:|---:|`,
  )
  let first = 0
  for (const [name, all] of times) {
    const sorted = all.sort((a, b) => a - b)
    const median = sorted[Math.floor(all.length / 2)] ?? Number.NaN
    first ||= median
    const shown = [median, sorted[0], sorted.at(-1)].map((ms) => ms?.toFixed(0))
    console.log(`| ${[name, ...shown, (median / first).toFixed(2)].join(' | ')} |`)
  }
  console.log()
}

/** @param {string} command */
function timeOf(command) {
  const [program = '', ...args] = command.split(' ')
  const startedAt = performance.now()
  const { status, error } = spawnSync(program, args, { env, stdio: 'ignore' })
  if (status !== 0)
    throw new Error(`${program} ended with ${error ?? status}: ${command.slice(0, 200)}`)
  return performance.now() - startedAt
}

/**
 * @param {string} url
 * @param {number} concurrency
 */
function flagsCommand(url, concurrency) {
  return `${flags} download ${codes.join(' ')} -s ${url} -c ${concurrency} -o ${out}`
}

/**
 * The same download by each program that is installed.
 *
 * @param {string} url
 * @param {number} concurrency
 * @returns {Promise<[name: string, command: string][]>}
 */
async function downloaders(url, concurrency) {
  const urls = codes.map((cc) => `${url}/${cc}/${cc}.gif`)
  const lists = {
    python: codes,
    curl: urls.map((text, index) => `url = "${text}"\noutput = "${out}/${codes[index]}.gif"`),
    aria2: urls.map((text, index) => `${text}\n  out=${codes[index]}.gif`),
    wget2: urls,
  }
  for (const [name, lines] of Object.entries(lists)) {
    await writeFile(join(folder, name), `${lines.join('\n')}\n`)
  }
  const python = `/usr/bin/python3 bench/downloader.py ${url} ${out} ${concurrency} ${folder}/python`
  const curl = `curl -s -Z --parallel-max ${concurrency} --create-dirs -K ${folder}/curl`
  const aria2 = `aria2c -q -j ${concurrency} -i ${folder}/aria2 -d ${out}`
  const wget2 = `wget2 -q --max-threads=${concurrency} -i ${folder}/wget2 -P ${out}`
  const floor = `${process.execPath} bench/floor.cjs ${url} ${out} ${concurrency} ${folder}/python`
  return [
    ['bare undici', floor],
    ['flags', flagsCommand(url, concurrency)],
    ...installed('Python (aiohttp)', python, '/usr/bin/python3', '-c', 'import aiohttp, tqdm'),
    ...installed('curl -Z', curl, 'curl', '--version'),
    ...installed('aria2c', aria2, 'aria2c', '--version'),
    ...installed('wget2', wget2, 'wget2', '--version'),
  ]
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string} program
 * @param {string[]} args for which it succeeds if it is installed
 * @returns {[name: string, command: string][]}
 */
function installed(name, command, program, ...args) {
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return [[name, command]]
  console.log(`not installed: ${name}`)
  return []
}

/** @param {string[]} options */
async function startServer(...options) {
  const args = ['dist/bin.cjs', 'serve', '--port', '0', '--root', served, ...options]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  servers.push(child)
  const [line] = await once(child.stdout, 'data')
  return String(line).trim().replace(/\/$/, '')
}

/** nginx in the foreground, with its own configuration; its worker runs as the user who starts it. */
async function startNginx() {
  if (spawnSync('nginx', ['-v']).error) {
    console.log('not installed: nginx; flags serve stands in for it')
    return undefined
  }
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const configuration = `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; worker_processes 1; pid ${folder}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 1000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port} backlog=2048; root ${served}; }
}`
  await writeFile(join(folder, 'nginx.conf'), configuration)
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log']
  servers.push(spawn('nginx', args, { stdio: 'inherit' }))
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(url).catch(() => undefined)) return url
    await sleep(50)
  }
  throw new Error('nginx did not start')
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}
