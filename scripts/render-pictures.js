// Makes the README's pictures of the built program, after `npm run build`: docs/terminal.svg, an animation
// that termtosvg (a Debian package) records, and docs/gallery.png. Needs Linux and Chromium ($CHROMIUM).

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const folder = await mkdtemp(join(tmpdir(), 'flags-pictures-'))
await mkdir(join(folder, 'bin'))
await symlink(resolve('dist/bin.cjs'), join(folder, 'bin', 'flags'))
const env = { ...process.env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) }
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
})
try {
  await recordTerminal(resolve('docs/terminal.svg'))
  await writeFile('docs/gallery.png', await small(await gallery()))
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}

/**
 * A session of three commands as an animation: a run in which one flag fails, a second run, and three
 * flags. The server's seed makes it fail for that flag only.
 *
 * @param {string} picture
 */
async function recordTerminal(picture) {
  const server = spawn('flags', 'serve --delay 0.1-0.4 --error-rate 0.02 --seed 10'.split(' '), {
    cwd: folder,
    env,
  })
  try {
    await once(server.stdout, 'data')
    const download = 'flags download --region Europe --server http://127.0.0.1:8000/flags'
    await writeFile(
      join(folder, 'session.sh'),
      session([download, download, 'flags show BR JP ZA']),
    )
    const options = `-g 92x21 -m 80 -M 3000 -D 2000 -t window_frame -c 'sh session.sh'`
    // It records the terminal that it runs in, so it needs one.
    const inTerminal = `stty cols 92 rows 21; termtosvg '${picture}' ${options}`
    const terminalEnv = {
      ...env,
      CI: '',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      LC_ALL: 'C.UTF-8',
      SHELL: '/bin/sh',
    }
    execFileSync('script', ['-qec', inTerminal, '/dev/null'], { cwd: folder, env: terminalEnv })
  } finally {
    server.kill()
  }
}

/**
 * A shell script that shows each command as if it were typed, runs it, and leaves time to read.
 *
 * @param {string[]} commands
 */
function session(commands) {
  const steps = commands.map(
    (command) =>
      `printf '\\033[32m$\\033[0m '; sleep 0.6; printf '%s' '${command}'; sleep 0.9; echo; ${command}; sleep 2.5`,
  )
  return steps.join('\n')
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
