import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flagServer, send } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { flagsBin, jsonLines, runFlags } from '../helpers/run-flags.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

describe('a run that ends in another way', () => {
  test('a full disk behind stdout ends it with 3; what was saved is kept and recorded', async () => {
    const cwd = await tempFolder()
    const shell = `exec ${process.execPath} ${flagsBin} download --all >/dev/full 2>err`
    const [status] = await once(spawn('sh', ['-c', shell], { cwd }), 'close')
    expect(status).toBe(3)
    const words = await readFile(join(cwd, 'err'), 'utf8')
    expect(words).toMatch(/^error: cannot write to stdout: no space left on device \(ENOSPC\)$/m)
    expect(words).not.toMatch(/^ +at /m)
    const names = await namesIn(join(cwd, 'downloaded'))
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
    const { flags } = JSON.parse(await readFile(join(cwd, 'downloaded', 'flags.json'), 'utf8'))
    expect(names).toHaveLength(Object.keys(flags).length + 1)
  })

  test.each(['--version', '--help', 'list'])(
    'a full disk behind the stdout of %s is 3',
    async (word) => {
      const shell = `exec ${process.execPath} ${flagsBin} ${word} >/dev/full`
      const [status] = await once(spawn('sh', ['-c', shell], { stdio: 'ignore' }), 'close')
      expect(status).toBe(3)
    },
  )

  test('a full disk behind stderr loses words, and nothing else', async () => {
    const cwd = await tempFolder()
    const shell = `exec ${process.execPath} ${flagsBin} download BR 2>/dev/full`
    const [status] = await once(spawn('sh', ['-c', shell], { cwd }), 'close')
    expect(status).toBe(0)
  })

  test('the summary gives the exit status that the program ends with', async () => {
    const words = ['download', 'BR', '--json', '-s', 'http://127.0.0.1:1']
    const env = { HTTP_PROXY: 'ftp://proxy' }
    const { stdout, exitCode } = await runFlags(words, { cwd: await tempFolder(), env })
    expect(exitCode).toBe(2)
    expect(jsonLines(stdout).at(-1)).toMatchObject({ exitCode: 2 })
  })

  test('a wrong server is a failure, though nobody named a code', async () => {
    const { url } = await flagServer((_request, response) => send(response, 'no', 404))
    const { stderr, exitCode } = await runFlags(['download', '-s', url], {
      cwd: await tempFolder(),
    })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/20 flags not found/)
  })

  test('a read that never ends is no reason to wait for', async () => {
    const cwd = await tempFolder()
    await once(spawn('mkfifo', [join(cwd, 'list')]), 'close')
    const child = spawn(process.execPath, [flagsBin, 'download', '--from', 'list'], { cwd })
    // It is up when it has opened the pipe: then this end of it can be opened, too.
    await once(createWriteStream(join(cwd, 'list')), 'open')
    child.kill('SIGINT')
    // By the signal itself, which a shell reports as 130.
    expect(await once(child, 'close')).toEqual([null, 'SIGINT'])
  })

  test('a named pipe in the place of a flag is a damaged flag', async () => {
    const cwd = await tempFolder()
    const file = join(cwd, 'downloaded', 'br.gif')
    await runFlags(['download', 'BR'], { cwd })
    await rm(file)
    await once(spawn('mkfifo', [file]), 'close')
    expect((await runFlags(['verify'], { cwd })).exitCode).toBe(1)
    expect((await runFlags(['download', 'BR'], { cwd })).stderr).toMatch(/^1 flag saved/)
    expect((await runFlags(['verify'], { cwd })).exitCode).toBe(0)
  })

  test('a password in a URL is not repeated', async () => {
    const env = { FLAGS_SERVER: 'http://me:secret@h/' }
    const { stderr, exitCode } = await runFlags(['download', 'BR'], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain("'FLAGS_SERVER'")
    expect(stderr).not.toContain('secret')
  })

  test('a list of any length is read', async () => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'list'), 'BR\n'.repeat(200_000))
    const { stdout, exitCode } = await runFlags(['download', '-n', '--from', 'list'], { cwd })
    expect({ exitCode, lines: stdout.split('\n').length }).toEqual({ exitCode: 0, lines: 2 })
  })

  test('a bad variable does not keep anybody from the help, and an empty one is none', async () => {
    const bad = await runFlags(['download', '--help'], { env: { FLAGS_RATE: 'fast' } })
    expect(bad).toMatchObject({ exitCode: 0, stderr: '' })
    const empty = await runFlags(['download', '-n', 'BR'], { env: { FLAGS_RATE: '' } })
    expect(empty.exitCode).toBe(0)
  })

  test('a header that came twice spoils neither the run nor the record', async () => {
    const { url } = await flagServer((request, response) => {
      if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304).end()
      response.setHeader('ETag', ['"1"', '"2"'])
      send(response, gif())
    })
    const cwd = await tempFolder()
    expect((await runFlags(['download', '-s', url, 'BR'], { cwd })).exitCode).toBe(0)
    const again = await runFlags(['download', '-s', url, 'BR'], { cwd })
    expect(again.stderr).toMatch(/^1 flag unchanged in /)
  })
})
