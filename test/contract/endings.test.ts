import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerGif, flagServer } from '../helpers/flag-server.js'
import { jsonLines, runShell, startFlags } from '../helpers/run-flags.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

describe('the streams of the process', () => {
  test('a full disk behind stdout ends a run with 3; saved flags are kept and recorded', async () => {
    const cwd = await tempFolder()
    const { stderr, exitCode } = await runShell('$FLAGS download --all >/dev/full', cwd)
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^error: cannot write to stdout: no space left on device \(ENOSPC\)$/m)
    expect(stderr).not.toMatch(/^ +at /m)
    const names = await namesIn(join(cwd, 'downloaded'))
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
    const { flags } = JSON.parse(await readFile(join(cwd, 'downloaded', 'flags.json'), 'utf8'))
    expect(names).toHaveLength(Object.keys(flags).length + 1)
  })

  test('a full disk ends help, version and list with 3; behind stderr, it is not a failure', async () => {
    const cwd = await tempFolder()
    const lines = ['--help >/dev/full', '--version >/dev/full', 'list >/dev/full']
    const runs = [...lines, 'download BR 2>/dev/full'].map((line) =>
      runShell(`$FLAGS ${line}`, cwd),
    )
    const ended = await Promise.all(runs)
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([3, 3, 3, 0])
    expect(ended[2]?.stderr.match(/cannot write to stdout/g)).toHaveLength(1)
  })

  test('a reader that stops reading, and a closed stdout, lose no file', async () => {
    const [first, second] = await Promise.all([tempFolder(), tempFolder()])
    const [head, closed] = await Promise.all([
      runShell('set -o pipefail; $FLAGS download --all | head -1', first),
      runShell('$FLAGS download --json BR CN >&-', second),
    ])
    expect(head).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\S+\/..\.gif\n$/) })
    expect(head.stderr).toMatch(/^249 flags saved in .*\n$/)
    expect(await namesIn(join(first, 'downloaded'))).toHaveLength(250)
    expect(closed).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^2 flags saved/) })
    const names = await namesIn(join(second, 'downloaded'))
    expect(names).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test('a slow reader gets every line whole', async () => {
    let answered = 0
    // Nothing is read at first; a line has 1 kB, so that the pipe is full soon.
    const { url } = await flagServer((request, response) => {
      answered += 1
      if (answered === 200) stdout.resume()
      answerGif(request, response)
    })
    const output = join(await tempFolder(), ...Array(5).fill('long'.repeat(50)))
    const args = ['download', '--all', '-c', '100', '--json', '-s', url, '-o', output]
    const { child, ended } = startFlags(args)
    const { stdout } = child
    stdout.pause()
    const lines = jsonLines((await ended).stdout)
    expect(lines).toHaveLength(250)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', total: 249, failed: 0 })
  })

  test('a read that never ends does not keep an interrupted process alive', async () => {
    const cwd = await tempFolder()
    const list = join(cwd, 'list')
    execFileSync('mkfifo', [list])
    const { child, ended } = startFlags(['download', '--from', 'list'], { cwd })
    const writer = createWriteStream(list)
    onTestFinished(() => void writer.destroy())
    // More than a pipe holds: it is written only when the program has begun to read.
    await new Promise((resolve) => writer.write('#'.repeat(100_000), resolve))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGINT' })
  })
})
