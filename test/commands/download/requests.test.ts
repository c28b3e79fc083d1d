import { execFileSync } from 'node:child_process'
import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkGif } from '../../../src/images/gif.js'
import { finish } from '../../helpers/check.js'
import {
  answerGif,
  answering,
  codeOf,
  flagServer,
  send,
  taggedServer,
} from '../../helpers/flag-server.js'
import { gif } from '../../helpers/gif.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { tempFolder } from '../../helpers/temp-folder.js'

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
    const { url } = await flagServer(answering({}, 404))
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

test.each(['flags.json', 'br.gif'])(
  'a link to /dev/zero in place of %s is not read',
  async (name) => {
    const cwd = await tempFolder()
    await runMain(['download', 'BR', '-o', '.'], { cwd })
    await rm(join(cwd, name))
    await symlink('/dev/zero', join(cwd, name))
    const { stderr, exitCode } = await runMain(['download', 'BR', '-o', '.'], { cwd })
    if (name === 'br.gif') {
      expect(exitCode).toBe(0)
      expect(finish(checkGif(await readFile(join(cwd, name))))).toMatchObject({ isComplete: true })
    } else {
      expect(exitCode).toBe(3)
      expect(stderr).toBe('error: cannot read flags.json: not a regular file\n')
    }
  },
)
