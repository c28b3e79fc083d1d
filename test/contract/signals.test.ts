import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkGif } from '../../src/images/gif.js'
import { answerGif, codeOf, flagServer } from '../helpers/flag-server.js'
import { flagsBin, startFlags } from '../helpers/run-flags.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

describe('a signal', () => {
  test('ends a run with 1000 requests in flight', async () => {
    let open = 0
    const { url } = await flagServer(() => {
      open += 1
      if (open === 600) child.kill('SIGINT')
    })
    const cwd = await tempFolder()
    const { child, ended } = startFlags(['download', '--every', '-c', '1000', '-s', url], { cwd })
    expect(await ended).toMatchObject({ exitCode: 130, stdout: '' })
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual([])
  })

  test('ends a wait that a server asked for', async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'AR') return answerGif(request, response)
      response.writeHead(429, { 'Retry-After': '50' }).end()
    })
    const cwd = await tempFolder()
    const words = ['download', '-c', '1', '-s', url, 'AR', 'BR']
    const { child, ended } = startFlags(words, { cwd })
    child.stderr?.on('data', (text) => {
      if (String(text).includes('waiting 50 s')) child.kill('SIGTERM')
    })
    expect(await ended).toMatchObject({ exitCode: 143 })
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['ar.gif', 'flags.json'])
  })

  test('that comes twice ends it there and then, recorded and tidied up all the same', async () => {
    let answered = 0
    const { url } = await flagServer((request, response) => {
      answered += 1
      answerGif(request, response)
      if (answered !== 60) return
      child.kill('SIGINT')
      child.kill('SIGTERM')
    })
    const cwd = await tempFolder()
    const folder = join(cwd, 'downloaded')
    const { child, ended } = startFlags(['download', '--every', '-c', '20', '-s', url], { cwd })
    const { exitCode, signal } = await ended
    // By its own exit status or, where a file is being written, by the signal itself.
    expect([130, 143, 'SIGINT', 'SIGTERM']).toContain(exitCode ?? signal)
    const names = await namesIn(folder)
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
    const { flags } = JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8'))
    // What the thread pool was just renaming may be in place and not on record: it is fetched again.
    expect(Object.keys(flags).length).toBeGreaterThan(names.length - 20)
    expect((await startFlags(['verify'], { cwd }).ended).exitCode).toBe(0)
  })

  test('ends a run whose reader does not read', async () => {
    let answered = 0
    const { url } = await flagServer((request, response) => {
      answered += 1
      // By then more was printed than a pipe holds: the rest waits for the reader.
      if (answered === 250) child.kill('SIGINT')
      answerGif(request, response)
    })
    const output = join(await tempFolder(), 'long'.repeat(50))
    const words = ['download', '--every', '--json', '-s', url, '-o', output]
    const child = spawn(process.execPath, [flagsBin, ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(await once(child, 'exit')).toEqual([130, null])
    const names = await namesIn(output)
    const { flags } = JSON.parse(await readFile(join(output, 'flags.json'), 'utf8'))
    expect(names).toHaveLength(Object.keys(flags).length + 1)
  })

  test('that cannot be toFailedAttempt leaves only whole files, and the next run completes', async () => {
    let answered = 0
    const { url } = await flagServer((request, response) => {
      answered += 1
      if (answered === 40) child.kill('SIGKILL')
      answerGif(request, response)
    })
    const cwd = await tempFolder()
    const folder = join(cwd, 'downloaded')
    const { child, ended } = startFlags(['download', '--every', '-s', url], { cwd })
    expect(await ended).toMatchObject({ signal: 'SIGKILL' })
    for (const name of await namesIn(folder)) {
      if (name.startsWith('.')) continue
      expect(checkGif(await readFile(join(folder, name)))).toMatchObject({ isComplete: true })
    }
    const again = await startFlags(['download', '--every', '-s', url], { cwd }).ended
    expect(again.exitCode).toBe(0)
    const names = await namesIn(folder)
    expect(names).toHaveLength(677)
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
  })
})
