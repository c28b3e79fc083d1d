import { readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createWait } from '../../../src/commands/show/run.js'
import { Interrupt } from '../../../src/errors.js'
import { decodeImage } from '../../../src/images/decode.js'
import { formatManifest } from '../../../src/store/manifest.js'
import { answerGif, answering, codeOf, flagServer } from '../../helpers/flag-server.js'
import { gif } from '../../helpers/gif.js'
import { manifestOf, record } from '../../helpers/manifest.js'
import { results } from '../../helpers/results.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'
import { hasTerminal, screenAfter, startInTerminal } from '../../helpers/terminal.js'

/** The color in the middle of an embedded flag, or in its corner, as the terminal receives it. */
async function colorOf(cc: string, place: 'middle' | 'corner'): Promise<number> {
  const pixels = await decodeImage(await readFile(`src/server/flags/${cc}/${cc}.gif`), 'gif')
  const at = pixels && place === 'middle' ? (pixels.height + 1) * pixels.width * 2 : 0
  return Buffer.from(pixels?.rgba ?? []).readUIntBE(at, 3)
}

describe('flags show in a pipe', () => {
  test('prints codes and names in the order given, and requests only flags that the folder lacks', async () => {
    const server = await flagServer()
    const cwd = await tempFolder()
    await runMain(['download', '-s', server.url, 'BR'], { cwd })
    const ended = { stdout: 'JP\tJapan\nBR\tBrazil\n', stderr: '', exitCode: 0 }
    expect(await runMain(['show', '-s', server.url, 'jp', 'BR'], { cwd })).toEqual(ended)
    expect(server.requests).toEqual(['/br/br.gif', '/jp/jp.gif'])
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['br.gif', 'flags.json'])
  })

  test('finds a flag by its recorded file name', async () => {
    const server = await flagServer()
    const cwd = await tempFolder()
    const manifest = manifestOf(record('VN', { file: 'Viet_Nam.gif' }))
    await mkdir(join(cwd, 'here'))
    await writeFile(join(cwd, 'here', 'flags.json'), formatManifest(manifest))
    await writeFile(join(cwd, 'here', 'Viet_Nam.gif'), gif())
    const env = { FLAGS_OUTPUT: 'here', FLAGS_SERVER: server.url }
    expect((await runMain(['show', 'VN'], { cwd, env })).stdout).toBe('VN\tVietnam\n')
    expect(server.requests).toEqual([])
  })

  test('refuses a folder whose flags.json is damaged', async () => {
    const cwd = await tempFolder()
    await writeFile(join(cwd, 'flags.json'), '[]')
    const { stderr, exitCode } = await runMain(['show', 'BR'], { cwd, env: { FLAGS_OUTPUT: '.' } })
    expect(exitCode).toBe(3)
    expect(stderr).toBe(
      "error: flags.json is damaged or was written by another program; run 'flags download -o .' to replace it\n",
    )
  })

  test('fails for a missing flag, but not for one from a letter', async () => {
    const { url } = await flagServer(answering({ BR: 200 }, 404))
    const cwd = await tempFolder()
    const named = await runMain(['show', '-s', url, 'BR', 'XX'], { cwd })
    expect(named).toMatchObject({ stdout: 'BR\tBrazil\n', exitCode: 1 })
    expect(named.stderr).toBe(`XX not found: ${url}/xx/xx.gif\n`)
    const letter = await runMain(['show', '-s', url, 'b'], { cwd })
    expect(letter).toMatchObject({ stdout: 'BR\tBrazil\n', stderr: '', exitCode: 0 })
  })

  test('names a damaged file and one that is too large, a line each, and shows the others', async () => {
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'downloaded'))
    await writeFile(join(cwd, 'downloaded', 'br.gif'), gif().subarray(0, -4))
    await writeFile(join(cwd, 'downloaded', 'cn.gif'), gif('', 3000, 2000))
    await writeFile(join(cwd, 'downloaded', 'jp.gif'), gif())
    const { stdout, stderr, exitCode } = await runMain(['show', 'BR', 'CN', 'JP'], { cwd })
    expect(stdout).toBe('JP\tJapan\n')
    expect(stderr.split('\n')).toEqual([
      `BR cannot be shown: ${join('downloaded', 'br.gif')} is damaged`,
      `CN cannot be shown: ${join('downloaded', 'cn.gif')} has more than 5 million pixels`,
      '',
    ])
    expect(exitCode).toBe(1)
  })

  test('ends when it is interrupted between two images', async () => {
    const cwd = await tempFolder()
    await mkdir(join(cwd, 'downloaded'))
    for (const cc of ['br', 'jp']) await writeFile(join(cwd, 'downloaded', `${cc}.gif`), gif())
    const signal = AbortSignal.abort(new Interrupt('SIGINT'))
    const ended = await runMain(['show', 'BR', 'JP'], { cwd, signal })
    expect(ended).toMatchObject({ stdout: '', exitCode: 130 })
  })

  test('leaves no folder behind, not even when it is interrupted', async () => {
    const TMPDIR = await tempFolder()
    vi.stubEnv('TMPDIR', TMPDIR)
    onTestFinished(() => void vi.unstubAllEnvs())
    const during: string[] = []
    const interrupt = new AbortController()
    const { url } = await flagServer((request, response) => {
      if (codeOf(request) === 'BR') return answerGif(request, response)
      during.push(...readdirSync(TMPDIR))
      interrupt.abort(new Interrupt('SIGTERM'))
    })
    const { signal } = interrupt
    const ended = await runMain(['show', '-s', url, 'BR', 'JP'], { cwd: TMPDIR, signal })
    expect(ended).toMatchObject({ stdout: '', exitCode: 143 })
    expect(during).toEqual([expect.stringMatching(/^flags-/)])
    expect(await namesIn(TMPDIR)).toEqual([])
  })

  test.each([
    [['Brazil', 'jpn', '076'], undefined, ['BR', 'JP']],
    [['-'], 'JP\nBrazil\n', ['JP', 'BR']],
    [['--region', 'antarctica', '--exclude', 'AQ'], undefined, ['BV', 'GS', 'HM']],
    [['BR', '--exclude', 'Z'], undefined, ['BR'], 'note: --exclude Z leaves out no flag\n'],
  ])('accepts %j', async (args, stdin, codes, note = '') => {
    const cwd = await tempFolder()
    const { stdout, stderr, exitCode } = await runMain(['show', ...args], {
      cwd,
      ...(stdin === undefined ? {} : { stdin }),
    })
    expect({ exitCode, codes: stdout.match(/^[A-Z]{2}/gm) }).toEqual({ exitCode: 0, codes })
    expect(stderr).toBe(note)
  })

  test('accepts --all', async () => {
    const { url } = await flagServer()
    const { stdout } = await runMain(['show', '--all', '-s', url], { cwd: await tempFolder() })
    expect(stdout.trimEnd().split('\n')).toHaveLength(249)
  })

  test('shows a PNG of the folder, and requests a GIF or PNG if the folder has only an SVG', async () => {
    const cwd = await tempFolder()
    await runMain(['download', 'BR', '--format', 'png'], { cwd })
    await runMain(['download', 'JP', '--format', 'svg'], { cwd })
    const server = await flagServer()
    const { stdout } = await runMain(['show', 'BR', 'JP', '-s', server.url], { cwd })
    expect(stdout).toBe('BR\tBrazil\nJP\tJapan\n')
    expect(server.requests).toEqual(['/jp/jp.gif'])
  })

  test('refuses a server without GIF and PNG only if it has to request a flag', async () => {
    const cwd = await tempFolder()
    await runMain(['download', 'BR'], { cwd })
    expect((await runMain(['show', 'BR', '-s', 'flag-icons'], { cwd })).exitCode).toBe(0)
    const { stderr, exitCode } = await runMain(['show', 'JP', '-s', 'flag-icons'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('the server flag-icons has no gif images; these servers do: local,')
  })
})

describe('flags show in a terminal', () => {
  const inTerminal = async (env: NodeJS.ProcessEnv, size = { columns: 80, rows: 24 }) => {
    const options = { cwd: await tempFolder(), env, terminal: size }
    const { stdout } = await runMain(['show', 'BR', 'JP', 'XK'], options)
    const screen = await screenAfter(stdout, size.columns > 0 ? size : undefined)
    return { ...screen, output: stdout }
  }

  test('names the flags without a result, and says so when each has one', () => {
    const wait = createWait(['BR', 'XX'])
    expect(wait.text()).toBe('BR and 1 more, 0 s: requesting')
    wait.ended({ ...results.saved, code: 'BR' })
    expect(wait.text()).toBe('XX, 0 s: requesting')
    wait.ended({ ...results.notFound, code: 'XX' })
    expect(wait.text()).toBe('finishing')
  })

  test.runIf(hasTerminal)(
    'says which flag it requested from a silent server, and ends at Ctrl-C',
    async () => {
      const { url } = await flagServer(() => {})
      const cwd = await tempFolder()
      const terminal = startInTerminal(['show', 'BR', 'JP', '-s', url], { cwd, columns: 40 })
      await terminal.shown('BR and 1 more, 0 s: requesting')
      await terminal.shown('BR and 1 more, 1 s: waiting for 2')
      terminal.type('\u0003')
      const { sent, exitCode } = await terminal.ended
      expect(exitCode).toBe(130)
      expect((await screenAfter(sent)).rows).toEqual([''])
    },
  )

  test('draws flags side by side in their exact colors, with captions', async () => {
    const { rows, colors } = await inTerminal({ TERM: 'xterm', COLORTERM: 'truecolor' })
    expect(rows.slice(0, 10)).toEqual([
      ...Array(9).fill([...Array(3)].map(() => '▀'.repeat(24)).join('   ')),
      '        BR Brazil                  JP Japan                   XK Kosovo',
    ])
    const green = await colorOf('br', 'corner')
    expect(colors(0, 0)).toEqual({ front: green, behind: green })
    expect(colors(0, 25)).toEqual({ front: -1, behind: -1 })
    const sun = await colorOf('jp', 'middle')
    expect(colors(4, 27 + 12)).toEqual({ front: sun, behind: sun })
  })

  test('uses as many columns as there are', async () => {
    const size = { columns: 40, rows: 60 }
    const { rows } = await inTerminal({ TERM: 'xterm', COLORTERM: 'truecolor' }, size)
    expect(rows.filter((row) => /^ +[A-Z]{2} \w+$/.test(row))).toHaveLength(3)
    expect(rows[0]).toBe('▀'.repeat(39))
  })

  test('uses 256 colors if there are no more', async () => {
    const { output, colors } = await inTerminal({ TERM: 'xterm-256color' })
    expect(output).not.toContain('38;2;')
    expect(colors(0, 0)).toEqual({ front: 35, behind: 35 })
  })

  test('assumes 80 columns if the terminal does not know its size', async () => {
    const run = await inTerminal({ TERM: 'xterm', COLORTERM: 'truecolor' }, { columns: 0, rows: 0 })
    const [line] = run.output.replace(/\u001b\[.*?m/g, '').split('\n')
    expect(line).toHaveLength(3 * 25 + 2 * 2)
  })

  test.each([
    { TERM: 'dumb', COLORTERM: 'truecolor' },
    { TERM: 'xterm-256color', NO_COLOR: '1' },
  ])('prints plain text if there are no colors: %j', async (env) => {
    const { output } = await inTerminal(env)
    expect(output).toBe('BR\tBrazil\nJP\tJapan\nXK\tKosovo\n')
  })
})
