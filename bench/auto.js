// Compares `-c auto` with fixed levels of concurrency against servers with a known knee, side by side:
// `npm run bench:auto`, `npm run bench:auto -- --runs 9`. Prints medians as a Markdown table.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const runs = Number(values.runs)
const folder = await mkdtemp(join(tmpdir(), 'flags-auto-'))

/** @type {[name: string, options: string[], levels: number[]][]} */
const servers = [
  ['fixed 50 ms', [], [5, 20, 50, 100]],
  ['8 at once, the rest queue', ['--capacity', '8'], [5, 8, 20, 100]],
  ['20 at once, the rest queue', ['--capacity', '20'], [5, 20, 30, 100]],
  ['429 above 10', ['--reject-above', '10'], [5, 9, 10, 100]],
  ['429 above 30', ['--reject-above', '30'], [5, 20, 30, 100]],
]
try {
  for (const flags of [249, 20]) {
    console.log(`\n${flags} flags, medians of ${runs} runs\n`)
    console.log('| server | level | ms | against auto | peak | last | rejected | failed |')
    console.log('|---|---|---|---|---|---|---|---|')
    for (const [name, options, levels] of servers) {
      await compare(name, options, flags === 20 ? [5] : levels, flags)
    }
  }
} finally {
  await rm(folder, { recursive: true })
}

/**
 * The levels take turns, so that other load on the machine affects all of them.
 *
 * @param {string} name
 * @param {string[]} options
 * @param {number[]} levels
 * @param {number} flags
 */
async function compare(name, options, levels, flags) {
  const server = spawnFlags('serve', '--port', '0', '--delay', '0.05', ...options)
  const [url] = String((await once(server.stdout, 'data'))[0]).split('\n')
  const all = [...levels.map(String), 'auto']
  await download(String(url), '5', flags)
  /** @type {Awaited<ReturnType<typeof download>>[]} */
  const measured = []
  for (let run = 0; run < runs; run++) {
    for (const level of all) measured.push(await download(String(url), level, flags))
  }
  server.kill()
  const of = (/** @type {string} */ level) => measured.filter((each) => each.level === level)
  const ms = (/** @type {string} */ level) => median(of(level).map((each) => each.ms))
  for (const level of all) {
    const ratio = (ms('auto') / ms(level)).toFixed(2)
    const middle = (/** @type {'peak' | 'last' | 'rejected' | 'failed'} */ key) =>
      median(of(level).map((each) => each[key] ?? Number.NaN))
    const share = `${(100 * middle('rejected')).toFixed(1)} %`
    const limits = level === 'auto' ? `${middle('peak')} | ${middle('last')}` : ' | '
    const failed = Math.max(...of(level).map((each) => each.failed))
    console.log(
      `| ${name} | ${level} | ${ms(level)} | ${ratio} | ${limits} | ${share} | ${failed} |`,
    )
  }
}

/**
 * @param {string} url
 * @param {string} level
 * @param {number} flags
 */
async function download(url, level, flags) {
  const args = ['--all', '--limit', `${flags}`, '--force', '--json', '-o', join(folder, 'out')]
  const child = spawnFlags('download', '-s', url, '-c', level, ...args)
  const records = (await text(child.stdout))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { durationMs: ms, concurrencyPeak: peak, concurrencyLast: last, failed } = records.pop()
  const attempts = records.reduce((sum, record) => sum + record.attempts, 0)
  return { level, ms, peak, last, failed, rejected: (attempts - flags + failed) / attempts }
}

/** @param {string[]} args */
function spawnFlags(...args) {
  return spawn(process.execPath, ['dist/bin.cjs', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
