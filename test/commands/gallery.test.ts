import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeGallery } from '../../src/commands/write-gallery.js'
import { galleryPage } from '../../src/pages/gallery.js'
import { gif } from '../helpers/gif.js'
import { runMain } from '../helpers/run-main.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const noFlags = { flags: [], missing: [] }

/** A folder with a folder `downloaded` of these flags in it. */
async function downloaded(...codes: string[]): Promise<string> {
  const cwd = await tempFolder()
  await runMain(['download', ...codes], { cwd })
  return cwd
}

describe('flags gallery', () => {
  test('writes a page of the flags in the folder, prints its path, and leaves no other file', async () => {
    const cwd = await downloaded('BR', 'CN')
    const path = join('downloaded', 'index.html')
    const ended = { stdout: `${path}\n`, stderr: '', exitCode: 0 }
    expect(await runMain(['gallery'], { cwd })).toEqual(ended)
    const page = await readFile(join(cwd, path), 'utf8')
    expect(page.match(/<img src="[^"]+" width="\d+" height="\d+"/g)).toEqual([
      '<img src="cn.gif" width="320" height="240"',
      '<img src="br.gif" width="320" height="240"',
    ])
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual([
      'br.gif',
      'cn.gif',
      'flags.json',
      'index.html',
    ])
  })

  test('lists recorded flags that are missing or damaged, and does not show them', async () => {
    const cwd = await downloaded('BR', 'CN', 'DE', 'FR')
    const folder = join(cwd, 'downloaded')
    await rm(join(folder, 'br.gif'))
    await writeFile(join(folder, 'cn.gif'), gif().subarray(0, -3))
    await rm(join(folder, 'fr.gif'))
    await mkdir(join(folder, 'fr.gif'))
    const { stderr, exitCode } = await runMain(['gallery'], { cwd })
    expect({ stderr, exitCode }).toEqual({
      stderr:
        'note: 3 of 4 files in flags.json are missing or damaged; listed at the end of the page\n',
      exitCode: 0,
    })
    const page = await readFile(join(folder, 'index.html'), 'utf8')
    expect(page.match(/<img src="[^"]+"/g)).toEqual(['<img src="de.gif"'])
    expect(page).toMatch(/Brazil<\/bdi>: its file is missing/)
    expect(page).toMatch(/China<\/bdi>: its file is damaged/)
    expect(page).toMatch(/France<\/bdi>: its file is damaged/)
  })

  test('lists each flag that a run did not save once, with the reason', async () => {
    const folder = join(await downloaded('BR', 'CN'), 'downloaded')
    await rm(join(folder, 'br.gif'))
    const lost = [
      { code: 'XX', reason: 'not_found' },
      { code: 'BR', reason: 'failed' },
    ] as const
    const { path } = await writeGallery(folder, new AbortController().signal, lost)
    const page = await readFile(path, 'utf8')
    expect(page.match(/<bdi>.*<\/bdi>: .*(?=<\/li>)/g)).toEqual([
      '<bdi>Brazil</bdi>: it could not be downloaded',
      '<bdi>XX</bdi>: the server has no such flag',
    ])
  })

  test.each<[fetched: Record<string, string>, shown: string]>([
    [{ png: '2026-01-01', gif: '2026-01-02' }, 'br.gif'],
    [{ gif: '2026-01-01', png: '2026-01-02' }, 'br.png'],
    [{ png: '2026-01-02', gif: '2026-01-02' }, 'br.gif'],
    [{ gif: '2026-01-02', svg: '2026-01-01' }, 'br.svg'],
  ])('has one entry for the files %j of a flag, shown from %s, with links', async (days, shown) => {
    const cwd = await tempFolder()
    const file = join(cwd, 'downloaded', 'flags.json')
    const formats = Object.keys(days)
    for (const format of formats) await runMain(['download', 'BR', '--format', format], { cwd })
    const { version, flags } = JSON.parse(await readFile(file, 'utf8'))
    for (const [format, day] of Object.entries(days)) flags.BR[format].fetched = `${day}T00:00Z`
    await writeFile(file, JSON.stringify({ version, flags }))
    await runMain(['gallery'], { cwd })
    const page = await readFile(join(cwd, 'downloaded', 'index.html'), 'utf8')
    expect(page.match(/(?<=<img src=")[^"]+/g)).toEqual([shown])
    const links = formats.sort().map((format) => {
      return `<a href="br.${format}" aria-label="Brazil as ${format.toUpperCase()}">`
    })
    expect(page.match(/<a href="br[^>]*>/g)).toEqual(links)
  })

  test.each([
    [
      'a page of somebody else',
      (path: string) => writeFile(path, '<title>mine</title>'),
      'it was not written by flags; rename or remove it',
    ],
    [
      'a page that quotes one of flags',
      async (path: string) => writeFile(path, `<title>mine</title>\n${galleryPage(noFlags)}`),
      'it was not written by flags; rename or remove it',
    ],
    ['a folder', (path: string) => mkdir(path), 'not a regular file'],
  ])('refuses to replace %s, as does download --gallery before it starts', async (_, make, why) => {
    const cwd = await downloaded('BR')
    await make(join(cwd, 'downloaded', 'index.html'))
    const ended = {
      stdout: '',
      stderr: `error: cannot write ${join('downloaded', 'index.html')}: ${why}\n`,
      exitCode: 3,
    }
    expect(await runMain(['gallery'], { cwd })).toEqual(ended)
    expect(await runMain(['download', 'CN', '--gallery'], { cwd })).toEqual(ended)
    expect(await namesIn(join(cwd, 'downloaded'))).toEqual(['br.gif', 'flags.json', 'index.html'])
  })

  test('replaces its own page, also one of a timeline or of an earlier version', async () => {
    const cwd = await downloaded('BR')
    const status = async (...args: string[]) => (await runMain(args, { cwd })).exitCode
    const earlier = galleryPage(noFlags).replace('<meta name="generator" content="flags">\n', '')
    await writeFile(join(cwd, 'downloaded', 'index.html'), earlier)
    expect(await status('gallery')).toBe(0)
    expect(await status('download', 'CN', '--timeline', 'downloaded/index.html')).toBe(0)
    expect(await status('gallery')).toBe(0)
    expect(await status('gallery')).toBe(0)
  })

  test('exits with 3 for a folder without flags, and names the command to run first', async () => {
    const cwd = await tempFolder()
    const stderr = "error: no flags.json in here; run 'flags download -o here' first\n"
    expect(await runMain(['gallery', 'here'], { cwd })).toEqual({ stdout: '', stderr, exitCode: 3 })
    await mkdir(join(cwd, 'here'))
    expect(await runMain(['gallery', 'here'], { cwd })).toEqual({ stdout: '', stderr, exitCode: 3 })
    expect(await namesIn(join(cwd, 'here'))).toEqual([])
  })
})

/** `--open` with this shell script in place of the platform's program. */
async function open(script: string | undefined) {
  const cwd = await downloaded('BR')
  const programs = join(cwd, 'programs')
  await mkdir(programs)
  await symlink(process.execPath, join(programs, 'node'))
  for (const name of script === undefined ? [] : ['xdg-open', 'open']) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(programs, name), 0o755)
  }
  const PATH = script === undefined ? programs : [programs, '/usr/bin', '/bin'].join(delimiter)
  const ended = await runMain(['gallery', '--open'], { cwd, env: { PATH } })
  return { cwd, ...ended }
}

describe.skipIf(process.platform === 'win32')('flags gallery --open', () => {
  test('opens the page with the program for such files', async () => {
    const { cwd, stderr, exitCode } = await open('echo "$#:$1" > "$(dirname "$0")/opened"')
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const opened = await readFile(join(cwd, 'programs', 'opened'), 'utf8')
    expect(opened).toMatch(/^1:\/.*\/downloaded\/index\.html\n$/)
    expect(opened).toContain(dirname(join(cwd, 'x')))
  })

  test.each([
    ['exit 3', /^note: cannot open downloaded\/index\.html: (xdg-)?open exited with status 3\n$/],
    [undefined, /^note: cannot open downloaded\/index\.html: (xdg-)?open: .+ \(ENOENT\)\n$/],
  ])('reports that the program failed (%s), after writing the page', async (script, said) => {
    const { stdout, stderr, exitCode } = await open(script)
    expect(exitCode).toBe(0)
    expect(stdout).toBe('downloaded/index.html\n')
    expect(stderr).toMatch(said)
  })
})
