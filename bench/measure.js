import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The median times of commands, in milliseconds, with hyperfine; `prepare` runs before each run.
 *
 * @param {string[]} commands
 * @param {{ folder: string, runs: number, prepare?: string }} options
 * @returns {number[]}
 */
export function medians(commands, { folder, runs, prepare }) {
  const file = join(folder, 'hyperfine.json')
  const words = ['-N', '-w', '2', '-r', String(runs), '--export-json', file]
  if (prepare) words.push('--prepare', prepare)
  execFileSync('hyperfine', [...words, ...commands], { env: quickStart, stdio: 'ignore' })
  /** @type {{ results: { median: number }[] }} */
  const { results } = JSON.parse(readFileSync(file, 'utf8'))
  return results.map(({ median }) => median * 1000)
}

/**
 * The peak memory of a command, in megabytes: the median of five runs.
 *
 * @param {string} command
 */
export function peakMegabytes(command) {
  const peaks = Array.from({ length: 5 }, () => {
    const words = ['-f', '%M', ...command.split(' ')]
    const { stderr } = spawnSync('/usr/bin/time', words, { encoding: 'utf8', env: quickStart })
    return Number(stderr.trim().split('\n').at(-1)) / 1024
  })
  return peaks.sort((a, b) => a - b)[2] ?? Number.NaN
}

/** With this variable set, Node reads a list of certificates at each start, which takes as long as the rest of it. */
const { NODE_EXTRA_CA_CERTS: _certificates, ...quickStart } = process.env
