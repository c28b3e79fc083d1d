// Makes the README's pictures of the built program, after `npm run build`: docs/terminal.png, a real
// terminal emulator (xterm.js) in Chromium, and docs/gallery.png. Needs Linux and Chromium ($CHROMIUM).

import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const folder = await mkdtemp(join(tmpdir(), 'flags-pictures-'))
await mkdir(join(folder, 'bin'))
await symlink(resolve('dist/cli.cjs'), join(folder, 'bin', 'flags'))
const env = { ...process.env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) }
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
})
try {
  await writeFile('docs/terminal.png', await small(await terminal()))
  await writeFile('docs/gallery.png', await small(await gallery()))
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}

/** Three commands, the last of them in the middle of its run. */
async function terminal() {
  const lines = [
    'flags download',
    'flags show BR JP ZA',
    'flags download --all --server delay --concurrency 50',
  ]
  const script = lines
    .map((line) => `printf '\\033[32m$\\033[0m ${line}\\n'; ${line}`)
    .join('; echo; ')
  const output = await outputUntil(`stty cols 92 rows 20; ${script}`, /6\d%/)
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } })
  await page.setContent('<div id="terminal" style="display: inline-block"></div>')
  await page.addStyleTag({ path: fileURLToPath(import.meta.resolve('@xterm/xterm/css/xterm.css')) })
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('@xterm/xterm')) })
  const show = `new Promise((resolve) => {
    const terminal = new Terminal({ cols: 92, rows: 20, fontSize: 14, customGlyphs: true })
    terminal.open(document.querySelector('#terminal'))
    terminal.write(${JSON.stringify(output)}, () => requestAnimationFrame(resolve))
  })`
  await page.evaluate(show)
  return page.locator('.xterm-screen').screenshot()
}

/**
 * What a shell script sends to a terminal until it sends this.
 *
 * @param {string} script
 * @param {RegExp} end
 */
async function outputUntil(script, end) {
  const terminalEnv = { ...env, TERM: 'xterm', COLORTERM: 'truecolor', SHELL: '/bin/sh' }
  const child = spawn('script', ['-qefc', script, '/dev/null'], { cwd: folder, env: terminalEnv })
  let output = ''
  for await (const text of child.stdout.setEncoding('utf8')) {
    output += text
    if (end.test(output)) break
  }
  child.kill()
  return output
}

async function gallery() {
  execFileSync('flags', ['download', '--all', '--quiet', '--output', 'all'], { cwd: folder, env })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const path = execFileSync('flags', ['gallery', 'all'], { cwd: folder, env, encoding: 'utf8' })
  await page.goto(pathToFileURL(join(folder, path.trim())).href)
  return page.screenshot()
}

/** @param {Buffer} png */
function small(png) {
  return sharp(png).png({ palette: true, effort: 10 }).toBuffer()
}
