// Makes the README's pictures from real output of the built program, after `npm run build`:
// docs/terminal.svg and docs/gallery.png. Needs Linux and Chromium ($CHROMIUM, or Debian's).

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { terminalPicture } from './terminal-picture.js'

const MOST_BYTES = 150_000

const folder = await mkdtemp(join(tmpdir(), 'flags-pictures-'))
try {
  const env = await withFlagsInPath()
  await mkdir('docs', { recursive: true })
  await writeFile('docs/terminal.svg', await terminal(env))
  await writeFile('docs/gallery.png', await gallery(env))
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** An environment in which `flags` is the built program, as it is where the package is installed. */
async function withFlagsInPath() {
  await mkdir(join(folder, 'bin'))
  await symlink(resolve('dist/cli.cjs'), join(folder, 'bin', 'flags'))
  return { ...process.env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) }
}

/**
 * Three commands, the last of them in the middle of its run.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function terminal(env) {
  const lines = [
    'flags download',
    'flags show BR JP ZA',
    'flags download --all --server delay --concurrency 50',
  ]
  const prompt = '\\033[38;2;126;198;153m$\\033[0m'
  const script = lines.map((line) => `printf '${prompt} ${line}\\n'; ${line}`).join('; echo; ')
  const size = { columns: 92, rows: 40, cwd: folder, env }
  return terminalPicture(script, size, (rows) => rows.some((row) => /\/249 {2}6\d%/.test(row)))
}

/** @param {NodeJS.ProcessEnv} env */
async function gallery(env) {
  const words = ['download', '--all', '--quiet', '--output', 'all']
  execFileSync('flags', words, { cwd: folder, env })
  const page = execFileSync('flags', ['gallery', 'all'], { cwd: folder, env, encoding: 'utf8' })
  const shot = await screenshot(pathToFileURL(join(folder, page.trim())).href)
  const picture = await sharp(shot).png({ palette: true, effort: 10 }).toBuffer()
  if (picture.length > MOST_BYTES) throw new Error(`gallery.png has ${picture.length} bytes`)
  return picture
}

/** @param {string} url */
async function screenshot(url) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(url)
    return await page.screenshot()
  } finally {
    await browser.close()
  }
}
