// Compares the built program with the other downloaders that are installed, on this machine, and prints
// a table: `npm run bench:peers`. Needs nginx and hyperfine. `--runs 10`, `--json <file>`.

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Downloaders } from './commands.js'
import { flagsFolder } from './flags-folder.js'
import { medians, peakMegabytes } from './measure.js'
import { startDelayServer, startNginx } from './servers.js'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, json: { type: 'string' } },
})

/** @typedef {{ what: string, flags: number, other: number, unit: string, max: number }} Row */
/** @type {Row[]} */
const rows = []

const folder = await mkdtemp(join(tmpdir(), 'flags-bench-'))
/** @type {import('./servers.js').Server[]} */
const servers = []
try {
  await measure()
  await report()
} finally {
  await Promise.all(servers.map(({ stop }) => stop()))
  await rm(folder, { recursive: true })
}

async function measure() {
  for (const name of ['nginx', 'served']) await mkdir(join(folder, name))
  const served = await flagsFolder(join(folder, 'served'))
  const codes = await readdir(join(served.folder, 'flags'))
  console.log(`${codes.length} ${served.kind}, medians of ${values.runs} runs\n`)
  const nginx = await startNginx(served.folder, join(folder, 'nginx'))
  servers.push(nginx)
  const slow = await startDelayServer(served.folder, 50)
  servers.push(slow)

  const start = `${process.execPath} -e 0`
  const program = `${process.execPath} dist/cli.cjs`
  compare('--version : node -e 0', `${program} --version`, start, 1.3)
  compare('download --help : node -e 0', `${program} download --help`, start, 1.3)

  const downloaders = new Downloaders(folder)
  const near = { url: `${nginx.url}/flags`, codes, concurrency: 5 }
  const far = { url: `${slow.url}/flags`, codes, concurrency: 5 }
  const wide = { ...far, concurrency: 50 }
  const clean = `rm -rf ${downloaders.out}`
  const flags = downloaders.flags(near)
  compare('no delay, 5 : Python', flags, await downloaders.pythonProgram(near), 0.75, clean)
  compare('no delay, 5 : aria2c', flags, await downloaders.aria2(near), 0.9, clean)
  compare('no delay, 5 : curl -Z', flags, await downloaders.curl(near), Number.NaN, clean)
  compare('50 ms, 5 : curl -Z', downloaders.flags(far), await downloaders.curl(far), 1.08, clean)
  const wideFlags = downloaders.flags(wide)
  compare('50 ms, 50 : curl -Z', wideFlags, await downloaders.curl(wide), 1.4, clean)
  compare('50 ms, 50 : Python', wideFlags, await downloaders.pythonProgram(wide), 0.85, clean)
  // hyperfine warms up without counting, so that only the forced run saves anything.
  compare('second run : first run', flags, `${flags} --force`, 0.8)

  const every = `${program} download --every -q -s ${near.url} -c 1000 -o ${downloaders.out}`
  const peaks = { flags: peakMegabytes(every), other: peakMegabytes(start), unit: 'MB', max: 2.5 }
  rows.push({ what: '--every, 1000, peak memory : node -e 0', ...peaks })
  const [few, many] = [coreJobs(near.url, 2000), coreJobs(near.url, 20_000)]
  const perJob = { flags: many.msPerJob, other: few.msPerJob, unit: 'ms', max: 1.1 }
  rows.push({ what: '20,000 jobs : 2,000 jobs, time of one', ...perJob })
  const heap = { flags: many.heapMegabytes, other: few.heapMegabytes, unit: 'MB', max: 1.1 }
  rows.push({ what: '20,000 jobs : 2,000 jobs, heap', ...heap })
}

/**
 * @param {string} what
 * @param {string} flags
 * @param {string | undefined} other undefined where it is not installed
 * @param {number} max
 * @param {string} [prepare]
 */
function compare(what, flags, other, max, prepare) {
  if (!other) {
    console.log(`not installed, left out: ${what}`)
    return
  }
  const runs = Number(values.runs)
  const [ours = 0, theirs = 0] = medians([flags, other], {
    folder,
    runs,
    ...(prepare && { prepare }),
  })
  rows.push({ what, flags: ours, other: theirs, unit: 'ms', max })
}

/**
 * @param {string} url
 * @param {number} jobs
 * @returns {{ msPerJob: number, heapMegabytes: number }}
 */
function coreJobs(url, jobs) {
  const words = ['--expose-gc', 'bench/core-jobs.js', url, join(folder, 'core'), String(jobs)]
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }))
}

async function report() {
  console.log('| case | flags | other | ratio | at most |')
  console.log('| --- | --- | --- | --- | --- |')
  for (const { what, flags, other, unit, max } of rows) {
    const digits = flags < 10 ? 2 : 0
    const cells = [`${flags.toFixed(digits)} ${unit}`, `${other.toFixed(digits)} ${unit}`]
    const target = Number.isNaN(max) ? '' : max
    console.log(`| ${what} | ${cells.join(' | ')} | ${(flags / other).toFixed(2)} | ${target} |`)
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
}
