// Kills the built program at random moments, many times over, and looks for anything wrong: a file under a
// final name that is not whole, a record that does not match, a run that does not complete. `npm run soak --
// 200` for 200 rounds; apart from the ordinary tests because it takes minutes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const rounds = Number(process.argv[2] ?? 100)
const longestMs = 700
const folder = await mkdtemp(join(tmpdir(), 'flags-soak-'))

/** @param {string[]} args */
function start(...args) {
  return spawn(process.execPath, ['dist/bin.cjs', ...args], { stdio: 'ignore' })
}

/** @param {string[]} args */
async function run(...args) {
  const [code] = await once(start(...args), 'exit')
  if (code !== 0) throw new Error(`flags ${args.join(' ')} ended with ${code}; see ${folder}`)
}

let killed = 0
for (let round = 1; round <= rounds; round++) {
  const download = start('download', '--all', '--force', '-c', '50', '-o', folder)
  const ended = once(download, 'exit')
  await Promise.race([ended, sleep(Math.random() * longestMs)])
  if (download.kill('SIGKILL')) killed += 1
  await ended
  // The first rounds may have been killed before there was a record. Files beyond it are looked at, too:
  // a forced run saves the same bytes again, so a cut one would not match its record.
  if ((await readdir(folder)).includes('flags.json')) await run('verify', folder)
  else await run('download', '--all', '-o', folder)
}
await run('download', '--all', '-o', folder)
await run('verify', folder)
const left = (await readdir(folder)).filter((name) => name.startsWith('.'))
if (left.length > 0) throw new Error(`left in ${folder}: ${left.join(', ')}`)
await rm(folder, { recursive: true })
console.log(`${rounds} rounds, ${killed} killed: every file whole, nothing left over`)
