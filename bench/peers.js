// Compares the built program with the other downloaders that are installed, on this machine, and prints
// hyperfine's tables: `npm run bench:peers`, `npm run bench:peers -- --runs 30`. Needs nginx and hyperfine.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' } } })
// With this variable set, Node reads a list of certificates at each start.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env

const real = resolve(process.env.FLAGS_REAL ?? '../shared/real-flags/flags')
const served = existsSync(real) ? real : resolve('dist/flags')
const codes = (await readdir(served)).filter((name) => /^[a-z]{2}$/.test(name))
const folder = await mkdtemp(join(tmpdir(), 'flags-bench-'))
const out = join(folder, 'out')
const flags = `${process.execPath} dist/cli.cjs`

/** @type {import('node:child_process').ChildProcess[]} */
const servers = []
try {
  await compareAll()
} finally {
  for (const server of servers) server.kill()
  await rm(folder, { recursive: true })
}

async function compareAll() {
  console.log(`${codes.length} flags from ${served}, ${values.runs} runs of each command\n`)
  const fast = await startNginx()
  const slow = await startServer('--delay', '0.05')

  table('Start-up', [
    ['node -e 0', `${process.execPath} -e 0`],
    ['flags --version', `${flags} --version`],
    ['flags download --help', `${flags} download --help`],
  ])
  const clean = ['--prepare', `rm -rf ${out}`]
  table('No delay, 5 at once', await downloaders(fast, 5), clean)
  table('50 ms before each answer, 5 at once', await downloaders(slow, 5), clean)
  table('50 ms before each answer, 50 at once', await downloaders(slow, 50), clean)
  const again = flagsCommand(fast, 5)
  // hyperfine warms up without counting: the second command finds its flags unchanged.
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
 * @param {string} title
 * @param {(readonly [name: string, command: string])[]} commands
 * @param {string[]} options
 */
function table(title, commands, options = []) {
  const file = join(folder, 'table.md')
  const named = commands.flatMap(([name, command]) => ['-n', name, command])
  const all = ['-N', '-w', '2', '-r', values.runs, ...options, '--export-markdown', file, ...named]
  execFileSync('hyperfine', all, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  console.log(`${title}\n\n${readFileSync(file, 'utf8')}`)
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
  return [
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
 * @param {string[]} args with which it succeeds where it is installed
 * @returns {[name: string, command: string][]}
 */
function installed(name, command, program, ...args) {
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return [[name, command]]
  console.log(`not installed: ${name}`)
  return []
}

/** @param {string[]} options */
async function startServer(...options) {
  const args = ['dist/cli.cjs', 'serve', '--port', '0', '--root', served, ...options]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  servers.push(child)
  const [line] = await once(child.stdout, 'data')
  return String(line).trim().replace(/\/$/, '')
}

/** nginx in the foreground, with its own configuration; its worker runs as the user who starts it. */
async function startNginx() {
  const port = 8765
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
