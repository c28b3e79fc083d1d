import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerGif, codeOf, flagServer, send, taggedServer } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { flagsBin, jsonLines, startFlags } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

/** Runs a shell line in which $FLAGS is the program. */
async function shell(line: string, cwd: string) {
  const env = { ...process.env, FLAGS: `${process.execPath} ${flagsBin}`, CI: '' }
  const child = spawn('bash', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = [text(child.stdout), text(child.stderr), once(child, 'close')] as const
  const [stdout, stderr, [status]] = await Promise.all(ended)
  return { stdout, stderr, status }
}

describe('the streams of the process', () => {
  test('a full disk behind stdout ends a run with 3; saved flags are kept and recorded', async () => {
    const cwd = await tempFolder()
    const { stderr, status } = await shell('$FLAGS download --all >/dev/full', cwd)
    expect(status).toBe(3)
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
    const runs = [...lines, 'download BR 2>/dev/full'].map((line) => shell(`$FLAGS ${line}`, cwd))
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual([3, 3, 3, 0])
  })

  test('a reader that stops reading, and a closed stdout, lose no file', async () => {
    const [first, second] = await Promise.all([tempFolder(), tempFolder()])
    const [head, closed] = await Promise.all([
      shell('set -o pipefail; $FLAGS download --all | head -1', first),
      shell('$FLAGS download --json BR CN >&-', second),
    ])
    expect(head).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\S+\/..\.gif\n$/) })
    expect(head.stderr).toMatch(/^249 flags saved in .*\n$/)
    expect(await namesIn(join(first, 'downloaded'))).toHaveLength(250)
    expect(closed).toMatchObject({ status: 0, stderr: expect.stringMatching(/^2 flags saved/) })
    const names = await namesIn(join(second, 'downloaded'))
    expect(names).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test('a slow reader gets every line whole', async () => {
    let answered = 0
    // Nothing is read at first; a line has 1 kB, so that the pipe is full soon.
    const { url } = await flagServer((request, response) => {
      answered += 1
      if (answered === 200) stdout?.resume()
      answerGif(request, response)
    })
    const output = join(await tempFolder(), ...Array(5).fill('long'.repeat(50)))
    const args = ['download', '--all', '-c', '100', '--json', '-s', url, '-o', output]
    const { child, ended } = startFlags(args)
    const { stdout } = child
    stdout?.pause()
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

describe('a run', () => {
  const download = async (url: string, output: string, ...args: string[]) =>
    runMain(['download', '-s', url, '-o', output, ...args])

  test('that cannot start has its exit status in the summary, too', async () => {
    const args = ['download', 'BR', '--json', '-s', 'http://127.0.0.1:1', '-o', await tempFolder()]
    const { stdout, exitCode } = await runMain(args, { env: { HTTP_PROXY: 'ftp://proxy' } })
    expect(exitCode).toBe(2)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'summary', exitCode: 2 })
  })

  test('against a wrong server fails, though no code was given explicitly', async () => {
    const { url } = await flagServer((_request, response) => send(response, 'no', 404))
    const { stderr, exitCode } = await download(url, await tempFolder())
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/20 flags not found/)
  })

  test('after a failure fetches only what is missing', async () => {
    let isWell = false
    let sent: string[] = []
    const { url } = await taggedServer((request, response) => {
      if (!isWell && codeOf(request) === 'CN') return send(response, 'no', 418)
      sent.push(codeOf(request))
      answerGif(request, response)
    })
    const output = await tempFolder()
    expect((await download(url, output, 'BR', 'CN', 'IN')).exitCode).toBe(1)
    expect(sent.sort()).toEqual(['BR', 'IN'])
    isWell = true
    sent = []
    expect((await download(url, output, 'BR', 'CN', 'IN')).exitCode).toBe(0)
    expect(sent).toEqual(['CN'])
  })

  test('replaces a named pipe in place of a flag', async () => {
    const { url } = await flagServer()
    const output = await tempFolder()
    await download(url, output, 'BR')
    await rm(join(output, 'br.gif'))
    execFileSync('mkfifo', [join(output, 'br.gif')])
    expect((await runMain(['verify', output])).exitCode).toBe(1)
    expect((await download(url, output, 'BR')).stderr).toMatch(/^1 flag saved/)
    expect((await runMain(['verify', output])).exitCode).toBe(0)
  })

  test('reads a list of 200,000 lines', async () => {
    const list = join(await tempFolder(), 'list')
    await writeFile(list, 'BR\n'.repeat(200_000))
    const { stdout, exitCode } = await runMain(['download', '-n', '--from', list])
    expect({ exitCode, lines: stdout.split('\n').length }).toEqual({ exitCode: 0, lines: 2 })
  })

  test('takes the first of two ETags', async () => {
    const { url } = await flagServer((request, response) => {
      if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304).end()
      response.setHeader('ETag', ['"1"', '"2"'])
      send(response, gif())
    })
    const output = await tempFolder()
    expect((await download(url, output, 'BR')).exitCode).toBe(0)
    expect((await download(url, output, 'BR')).stderr).toMatch(/^1 flag unchanged in /)
  })
})
