import { execFileSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { flagServer, send } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { mayMount } from '../helpers/needs.js'
import { runShell } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

/** A folder on a separate file system. */
async function mounted(...options: string[]): Promise<string> {
  const folder = await tempFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', [folder]))
  return folder
}

describe.runIf(mayMount)('a disk', () => {
  test('that fills up ends the run with 3; saved flags are kept and recorded', async () => {
    const output = await mounted('size=128k')
    const large = Buffer.concat([gif(), Buffer.alloc(9000)])
    const { url } = await flagServer((_request, response) => send(response, large))
    const { stdout, stderr, exitCode } = await runMain(['download', '-s', url, '-o', output])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^stopped after \d+ of 20 flags: \d+ flags saved/m)
    expect(stderr).toMatch(/^error: cannot write .*: no space left on device \(ENOSPC\)$/m)
    const saved = stdout.trimEnd().split('\n')
    expect(saved.length).toBeGreaterThan(2)
    for (const path of saved) expect(await readFile(path)).toEqual(large)
    expect(await namesIn(output)).toHaveLength(saved.length + 1)
    const { flags } = JSON.parse(await readFile(join(output, 'flags.json'), 'utf8'))
    expect(Object.keys(flags)).toHaveLength(saved.length)
  })

  test('that is read-only ends the run with 3 before the first request', async () => {
    const output = await mounted('ro')
    const server = await flagServer()
    const { stderr, exitCode } = await runMain(['download', '-s', server.url, '-o', output])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^error: cannot write to the folder .*read-only file system \(EROFS\)$/m)
    expect(server.requests).toEqual([])
  })
})

test.runIf(mayMount)('an append-only folder is refused, and does not fill with files', async () => {
  const output = await tempFolder()
  execFileSync('chattr', ['+a', output])
  onTestFinished(() => void execFileSync('chattr', ['-a', output]))
  const server = await flagServer()
  const download = () =>
    runMain(['download', 'BR', 'CN', '-c', '1', '-s', server.url, '-o', output])
  const error = `error: cannot write to the folder ${output}: its files cannot be renamed or removed: operation not permitted (EPERM)\n`
  // The first run finds out with the first flag; the others know before any request.
  expect(await download()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(error) })
  const [left, requests] = [await namesIn(output), [...server.requests]]
  expect(left).toContain('.flags.json.probe')
  expect(left.length).toBeLessThanOrEqual(3)
  for (let run = 2; run <= 3; run++) {
    expect(await download()).toEqual({ stdout: '', stderr: error, exitCode: 3 })
  }
  expect(await namesIn(output)).toEqual(left)
  expect(server.requests).toEqual(requests)

  execFileSync('chattr', ['-a', output])
  expect(await download()).toMatchObject({ exitCode: 0 })
  expect(await namesIn(output)).not.toContain('.flags.json.probe')
})

test('few file handles only make a run slower', async () => {
  const cwd = await tempFolder()
  const line = 'ulimit -n 64; exec $FLAGS download --all --concurrency 1000 --json'
  const { stdout, stderr, exitCode } = await runShell(line, cwd)
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^note: concurrency lowered to \d+: .*ulimit/)
  expect(stdout).toMatch(/"total":249,"saved":249,"unchanged":0,"notFound":0,"failed":0/)
  expect((await stat(join(cwd, 'downloaded', 'br.gif'))).size).toBeGreaterThan(0)
})

test.each([
  [
    'ulimit -n 20; exec $FLAGS download BR',
    3,
    'error: the limit of open files is 20: raise it to 32 or more (ulimit -n)\n',
  ],
  [
    'ulimit -n 30; exec $FLAGS download BR',
    3,
    'error: the limit of open files is 30: raise it to 32 or more (ulimit -n)\n',
  ],
  // The name would become that of another folder.
  [`exec $FLAGS download BR -o "$(printf 'x\\377')"`, 2, 'It must be valid UTF-8.'],
  ['yes BR | $FLAGS download -', 2, 'error: the list of codes in stdin is longer than 1 MB\n'],
])('the line %j ends with %i, says %j and makes no file', async (line, status, said) => {
  const cwd = await tempFolder()
  const { stderr, exitCode } = await runShell(line, cwd)
  expect(exitCode).toBe(status)
  expect(stderr).toContain(said)
  expect(await namesIn(cwd)).toEqual([])
})
