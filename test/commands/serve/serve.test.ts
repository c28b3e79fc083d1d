import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Interrupt } from '../../../src/errors.js'
import { formatManifest } from '../../../src/store/manifest.js'
import { gif } from '../../helpers/gif.js'
import { manifestOf, record } from '../../helpers/manifest.js'
import { runMain } from '../../helpers/run-main.js'
import { serveFlags } from '../../helpers/serve-flags.js'
import { tempFolder } from '../../helpers/temp-folder.js'

describe('flags serve', () => {
  test('prints a URL to download from, and ends cleanly on SIGINT', async () => {
    const { url, end } = await serveFlags()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/flags$/)
    const { exitCode } = await runMain(['download', '-s', url, 'BR'], { cwd: await tempFolder() })
    expect(exitCode).toBe(0)
    expect(await end('SIGINT')).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('ends with 3 if its port is taken', async () => {
    const { port } = new URL((await serveFlags()).url)
    const stderr = `error: cannot listen on 127.0.0.1:${port}: address already in use (EADDRINUSE)\n`
    expect(await runMain(['serve', '--port', port])).toEqual({ stdout: '', stderr, exitCode: 3 })
  })

  test('serves a folder', async () => {
    const root = await tempFolder()
    await mkdir(join(root, 'br'))
    await writeFile(join(root, 'br', 'br.gif'), gif('mine'))
    const { url } = await serveFlags('--root', root)
    const { stdout } = await runMain(['download', '-s', url, 'b', '--json'], {
      cwd: await tempFolder(),
    })
    expect(stdout).toContain(`"bytes":${gif('mine').length}`)
    expect(stdout).toContain('"saved":1,"unchanged":0,"notFound":25,"failed":0')
  })

  test.each([
    [['br.png', 'cn.png', 'me.txt', 'x.gif'], '{cc}.png'],
    [['BRA.gif', 'CHN.gif'], '{CCC}.gif'],
    [['br/br.gif', 'cn.gif'], undefined],
    [['qqq.gif', 'Brazil.gif'], undefined],
  ])('notes how to download from a folder with %j', async (files, template) => {
    const root = await tempFolder()
    await mkdir(join(root, 'br'))
    for (const file of files) await writeFile(join(root, file), gif())
    const { url, end } = await serveFlags('--root', root)
    const noted =
      template && `note: download from this folder with 'flags download -s "${url}${template}"'\n`
    expect((await end('SIGINT')).stderr).toBe(noted ?? '')
  })

  test('repeats its errors with the same seed', async () => {
    const failed = async () => {
      const { url } = await serveFlags('--error-rate', '0.5', '--seed', '7')
      const args = ['download', '-c', '1', '-s', url, '--json']
      const { stdout } = await runMain(args, { cwd: await tempFolder() })
      return stdout.match(/"code":"..","status":"failed"/g)
    }
    const first = await failed()
    expect(first?.length).toBeGreaterThan(0)
    expect(await failed()).toEqual(first)
  })

  test('delays many answers at once by the given time, without a message', async () => {
    const { url, end } = await serveFlags('--delay', '0.2')
    const answered = async () => (await fetch(`${url}/br/br.gif`)).arrayBuffer()
    await Promise.all(Array.from({ length: 30 }, answered))
    const begin = performance.now()
    await answered()
    expect(performance.now() - begin).toBeGreaterThanOrEqual(200)
    expect(await end('SIGINT')).toMatchObject({ stderr: '', exitCode: 0 })
  })

  test('shows browsers a page of its flags, at / and at the URL that it prints', async () => {
    const { url } = await serveFlags()
    for (const page of [url, new URL('/', url)]) {
      const response = await fetch(page)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await response.text()).toContain(
        '<img src="/flags/br/br.gif" width="320" height="240"',
      )
    }
  })

  test("shows a page of a folder's current GIFs, or the folder's own page", async () => {
    const root = await tempFolder()
    await mkdir(join(root, 'br'))
    await writeFile(join(root, 'br', 'br.gif'), gif('', 6, 4))
    await writeFile(join(root, 'Viet_Nam #1.GIF'), gif())
    await writeFile(join(root, 'none.gif'), 'none')
    const folder = await serveFlags('--root', root)
    const images = async () => (await (await fetch(folder.url)).text()).match(/<img .*?>/g)
    expect(await images()).toEqual([
      '<img src="/br/br.gif" width="6" height="4" alt="Flag of Brazil" loading="lazy" decoding="async">',
      '<img src="/Viet_Nam%20%231.GIF" width="3" height="2" alt="Flag of Viet Nam #1" loading="lazy" decoding="async">',
    ])
    await rm(join(root, 'br', 'br.gif'))
    expect(await images()).toHaveLength(1)

    await writeFile(join(root, 'index.html'), 'mine')
    const own = await serveFlags('--root', root)
    expect(await (await fetch(own.url)).text()).toBe('mine')
  })

  test('names the flags of a folder by its current flags.json, or by their files', async () => {
    const root = await tempFolder()
    const { url } = await serveFlags('--root', root)
    const files = ['pays.gif', 'bra.gif', '392.gif', 'Burma.gif']
    for (const name of files) await writeFile(join(root, name), gif(name))
    const names = async () => {
      const page = await (await fetch(url)).text()
      return [...page.matchAll(/<bdi>(.*?)<\/bdi>/g)].map(([, name]) => name)
    }
    expect(await names()).toEqual(['Japan', 'Myanmar', 'Brazil', 'pays'])
    const manifest = manifestOf(record('VN', { file: 'pays.gif', country: 'Viêt Nam' }))
    await writeFile(join(root, 'flags.json'), formatManifest(manifest))
    // In its continent: the record has the code, too.
    expect(await names()).toEqual(['Japan', 'Myanmar', 'Viêt Nam', 'Brazil'])
    await writeFile(join(root, 'flags.json'), 'damaged')
    expect(await names()).toEqual(['Japan', 'Myanmar', 'Brazil', 'pays'])
  })

  test.each([
    [['--host', '0.0.0.0'], /^warning: /],
    [['-v'], /^127\.0\.0\.1 - - \[.*\] "GET \/flags\/br\/br\.gif HTTP\/1\.1" 200 \d+\n$/],
  ])('writes a warning or a log to stderr with %j', async (args, expected) => {
    const { url, end } = await serveFlags(...args)
    const { port } = new URL(url)
    await (await fetch(`http://127.0.0.1:${port}/flags/br/br.gif`)).arrayBuffer()
    const { stderr, exitCode } = await end('SIGTERM')
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(expected)
  })

  test('says on a terminal how to stop it, and ends its line when it is stopped', async () => {
    const { stderr, exitCode } = await runMain(['serve', '--port', '0'], {
      terminal: { columns: 80, rows: 24 },
      signal: AbortSignal.abort(new Interrupt('SIGINT')),
    })
    expect({ stderr, exitCode }).toEqual({ stderr: 'Press Ctrl-C to stop.\n\n', exitCode: 0 })
  })

  test('has no page for a folder without GIFs', async () => {
    const { url } = await serveFlags('--root', await tempFolder())
    expect((await fetch(url)).status).toBe(404)
  })
})
