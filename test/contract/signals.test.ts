import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { interruptSignals } from '../../src/errors.js'
import { signalExitCodes } from '../../src/exit-codes.js'
import { checkGif } from '../../src/images/gif.js'
import { finish } from '../helpers/check.js'
import { answerGif, codeOf, flagServer } from '../helpers/flag-server.js'
import { flagsBin, jsonLines, startFlags } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const recorded = async (folder: string) =>
  Object.keys(JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8')).flags)
const partial = (names: readonly string[]) => names.filter((name) => name.startsWith('.'))

async function expectWholeFlags(folder: string): Promise<void> {
  const flags = (await namesIn(folder)).filter((name) => /^\w+\.gif$/.test(name))
  expect(flags).not.toEqual([])
  for (const name of flags) {
    expect(finish(checkGif(await readFile(join(folder, name))))).toMatchObject({ isComplete: true })
  }
}

/** Calls back after `count` requests; the first `answered` of them are answered. */
const serverThat = (answered: number, count: number, then: () => void) => {
  let asked = 0
  return flagServer((request, response) => {
    asked += 1
    if (asked <= answered) answerGif(request, response)
    if (asked === count) then()
  })
}

describe('a signal', () => {
  test('ends the process of a run; saved flags are kept and recorded, nothing else is left', async () => {
    const interrupted = interruptSignals.map(async (signal) => {
      const { url } = await serverThat(3, 8, () => child.kill(signal))
      const output = await tempFolder()
      const { child, ended } = startFlags(['download', '-s', url, '--json', '-o', output])
      const { stdout, stderr, ...end } = await ended
      expect(end).toEqual({ exitCode: null, signal })
      expect(stderr).toMatch(/^Interrupted: 3 of 20 saved\. Run again to resume\.\n$/)
      const summary = { type: 'summary', selected: 20, total: 3, saved: 3 }
      const exitCode = signalExitCodes[signal]
      expect(jsonLines(stdout).at(-1)).toMatchObject({ ...summary, exitCode })
      const files = (await recorded(output)).map((code) => `${code.toLowerCase()}.gif`)
      expect(files).toHaveLength(3)
      expect(await namesIn(output)).toEqual([...files, 'flags.json'].sort())
    })
    await Promise.all(interrupted)
  })

  test('to the process group stops a shell loop, and a script that continues gets 130', async () => {
    const run = async (script: (program: string) => string) => {
      const { url } = await serverThat(0, 5, () => process.kill(-Number(shell.pid), 'SIGINT'))
      const program = `"${process.execPath}" "${flagsBin}" download -s ${url} -o "${await tempFolder()}"`
      const shell = spawn('bash', ['-c', script(program)], {
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      onTestFinished(() => void shell.kill('SIGKILL'))
      const [stdout, end] = await Promise.all([text(shell.stdout), once(shell, 'close')])
      return { stdout, end }
    }
    const [loop, trapped] = await Promise.all([
      run((program) => `for i in 1 2 3; do ${program}; echo next; done`),
      run((program) => `trap : INT; ${program}; echo $?`),
    ])
    expect(loop).toEqual({ stdout: '', end: [null, 'SIGINT'] })
    expect(trapped).toEqual({ stdout: '130\n', end: [0, null] })
  })

  test('ends a run with 240 requests in flight', async () => {
    const { url } = await serverThat(0, 240, () => child.kill('SIGINT'))
    const output = await tempFolder()
    const args = ['download', '--all', '-c', '249', '-s', url, '-o', output]
    const { child, ended } = startFlags(args)
    expect(await ended).toMatchObject({ signal: 'SIGINT', stdout: '' })
    expect(await namesIn(output)).toEqual([])
  })

  test('ends a wait that a server requested', async () => {
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'AR') return answerGif(request, response)
      response.writeHead(429, { 'Retry-After': '50' }).end()
    })
    const output = await tempFolder()
    const { child, ended } = startFlags(['download', '-c1', '-s', url, '-o', output, 'AR', 'BR'])
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.includes('waiting 50 s')) child.kill('SIGTERM')
    })
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
    expect(await namesIn(output)).toEqual(['ar.gif', 'flags.json'])
  })

  test('sent twice ends the run at once, with whole files only, and the next run completes', async () => {
    const { url } = await serverThat(9999, 60, () => {
      child.kill('SIGINT')
      child.kill('SIGTERM')
    })
    const output = await tempFolder()
    const args = ['download', '--all', '-c', '20', '-s', url, '-o', output]
    const { child, ended } = startFlags(args)
    expect(['SIGINT', 'SIGTERM']).toContain((await ended).signal)
    expect(partial(await namesIn(output))).toEqual([])
    await expectWholeFlags(output)
    // Flags without a record are fetched again.
    expect((await runMain(args)).exitCode).toBe(0)
    expect(await recorded(output)).toHaveLength(249)
  })

  test('ends a run whose reader does not read', async () => {
    // By then, more was printed than a pipe holds: the rest waits for the reader.
    const { url } = await serverThat(676, 250, () => child.kill('SIGINT'))
    const output = join(await tempFolder(), 'long'.repeat(50))
    const args = ['download', '--every', '--json', '-s', url, '-o', output]
    const child = spawn(process.execPath, [flagsBin, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT'])
    expect(await namesIn(output)).toHaveLength((await recorded(output)).length + 1)
  })

  test('that cannot be caught leaves only whole files, and the next run completes', async () => {
    const { url } = await serverThat(9999, 40, () => child.kill('SIGKILL'))
    const output = await tempFolder()
    const args = ['download', '--all', '-s', url, '-o', output]
    const { child, ended } = startFlags(args)
    expect(await ended).toMatchObject({ signal: 'SIGKILL' })
    await expectWholeFlags(output)
    // The next run regards a temporary file as left by a killed run when it is a minute old.
    for (const name of partial(await namesIn(output))) await utimes(join(output, name), 0, 0)
    expect((await runMain(args)).exitCode).toBe(0)
    const names = await namesIn(output)
    expect(names).toHaveLength(250)
    expect(partial(names)).toEqual([])
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends serve with 0', async (signal) => {
    const { child, ended } = startFlags(['serve', '--port', '0'])
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await ended).toMatchObject({ exitCode: 0, signal: null })
  })
})
