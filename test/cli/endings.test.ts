import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
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
