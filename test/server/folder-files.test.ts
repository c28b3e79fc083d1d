import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import {
  appendFile,
  mkdir,
  readdir,
  readlink,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  folderFiles,
  isNotModified,
  type Representation,
  type Resources,
} from '../../src/server/folder-files.js'
import { collect } from '../helpers/collect.js'
import { tempFolder } from '../helpers/temp-folder.js'

/** What is at a path; undefined if there is no file. */
async function textAt(resources: Resources, path: string): Promise<string | undefined> {
  const file = await resources.open(path)
  const content = file && (await text(file.body()))
  await file?.close()
  return content
}

/** The files below a folder that this process has open. */
async function openBelow(root: string): Promise<string[]> {
  const opened = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`))
  const files = await Promise.all(opened.map((file) => file.catch(() => '')))
  return files.filter((file) => file.startsWith(root))
}

/** Changes something at each turn of the event loop, so that it changes between any two checks. */
function atEachTurn(change: () => void): void {
  const turn = () => {
    change()
    timer = setImmediate(turn)
  }
  let timer = setImmediate(turn)
  onTestFinished(() => clearImmediate(timer))
}

/** A folder with the file `br/br.gif`, and one beside it with a secret `br.gif`. */
async function folders() {
  const [root, outside] = [await tempFolder(), await tempFolder()]
  await mkdir(join(root, 'br'))
  await writeFile(join(root, 'br', 'br.gif'), 'flag')
  await writeFile(join(outside, 'br.gif'), 'secret')
  return { root, outside, file: join(root, 'br', 'br.gif') }
}

describe('a served folder', () => {
  test('gives its files and those in its folders, and nothing else', async () => {
    const { root, outside } = await folders()
    for (const name of ['a b&c.gif', '.hidden', 'a\\b.gif']) await writeFile(join(root, name), '')
    await symlink(join(outside, 'br.gif'), join(root, 'link.gif'))
    await symlink(outside, join(root, 'linked'))
    await promisify(execFile)('mkfifo', [join(root, 'pipe.gif')])
    const files = await folderFiles(root, '/p')
    expect(await textAt(files, '/p/br/br.gif')).toBe('flag')
    expect(await textAt(files, '/p/a b&c.gif')).toBe('')
    const others = ['/br/br.gif', '/q/br/br.gif', '/p', '/p/', '/p/br', '/p/br/', '/p/br//br.gif']
    const missing = ['/p/none.gif', '/p/br/br.gif/x', '/p/.hidden', '/p/a\\b.gif', '/p/pipe.gif']
    const outer = [
      '/p/link.gif',
      '/p/linked/br.gif',
      `/p/../${outside}/br.gif`,
      '/p/br/../br/br.gif',
    ]
    for (const path of [...others, ...missing, ...outer]) {
      expect.soft(await textAt(files, path), path).toBeUndefined()
    }
    expect(await openBelow(root)).toEqual([])
  })

  test('gives the current file, with another tag and the time of its change', async () => {
    const { root, file } = await folders()
    const files = await folderFiles(root)
    const before = await files.open('/br/br.gif')
    await before?.close()
    await writeFile(file, 'another')
    await utimes(file, 0, 0)
    expect(await textAt(files, '/br/br.gif')).toBe('another')
    const after = await files.open('/br/br.gif')
    await after?.close()
    expect(after?.etag).toMatch(/^"[\w-]+"$/)
    expect(after?.etag).not.toBe(before?.etag)
    expect(after?.lastModified?.getTime()).toBeGreaterThanOrEqual(Number(before?.lastModified))
  })

  test('reads no further than the announced size of a file, and notices one that shrinks', async () => {
    const { root, file } = await folders()
    await writeFile(file, Buffer.alloc(65_537))
    const opened = (await (await folderFiles(root)).open('/br/br.gif')) as Representation
    await appendFile(file, 'more')
    expect(opened.bytes).toBe(65_537)
    const chunks = await collect(opened.body())
    expect(chunks.map(({ length }) => length)).toEqual([65_536, 1])
    await truncate(file, 65_536)
    await expect(text(opened.body())).rejects.toThrow('the file became shorter')
    await opened.close()
  })

  test('is not without a file because this process cannot open more files', async () => {
    const { root } = await folders()
    const files = await folderFiles(root)
    const setLimit = 'prlimit --pid $PPID --nofile'
    const script = `limit=$(${setLimit} -o SOFT --noheadings); ${setLimit}=1: && echo && read _; ${setLimit}=$limit:`
    const shell = spawn('sh', ['-c', script])
    await once(shell.stdout, 'data')
    const opening = files.open('/br/br.gif')
    await Promise.allSettled([opening])
    shell.stdin.end()
    await once(shell, 'exit')
    await expect(opening).rejects.toMatchObject({ code: 'EMFILE' })
    expect(await textAt(files, '/br/br.gif')).toBe('flag')
  })

  test('gives nothing through a file or a folder that becomes a link', async () => {
    const { root, outside, file } = await folders()
    const files = await folderFiles(root)
    await rm(file)
    await symlink(join(outside, 'br.gif'), file)
    expect(await textAt(files, '/br/br.gif')).toBeUndefined()
    await rm(join(root, 'br'), { recursive: true })
    await symlink(outside, join(root, 'br'))
    expect(await textAt(files, '/br/br.gif')).toBeUndefined()
    expect(await openBelow(outside)).toEqual([])
  })

  test('gives nothing through a folder that is a link at times', async () => {
    const { root, outside } = await folders()
    const files = await folderFiles(root)
    await symlink(outside, join(outside, '.link'))
    let isLink = false
    atEachTurn(() => {
      renameSync(join(root, 'br'), join(isLink ? outside : root, isLink ? '.link' : '.br'))
      if (isLink) renameSync(join(root, '.br'), join(root, 'br'))
      else renameSync(join(outside, '.link'), join(root, 'br'))
      isLink = !isLink
    })
    const texts = new Set<string | undefined>()
    for (let index = 0; index < 60; index++) texts.add(await textAt(files, '/br/br.gif'))
    expect(texts).toEqual(new Set(['flag', undefined]))
  })

  test('always gives a file that others replace', async () => {
    const { root, file } = await folders()
    const files = await folderFiles(root)
    await writeFile(file, '')
    atEachTurn(() => {
      writeFileSync(join(root, 'new'), '')
      renameSync(join(root, 'new'), file)
    })
    const texts = new Set<string | undefined>()
    for (let index = 0; index < 20; index++) texts.add(await textAt(files, '/br/br.gif'))
    expect(texts).toEqual(new Set(['']))
  })

  test('lists its files in order, without hidden ones and links, up to a limit', async () => {
    const { root, outside } = await folders()
    await mkdir(join(root, '.hidden'))
    await mkdir(join(root, 'br', 'a'))
    for (const name of ['c.gif', '.b.gif', '.hidden/c.gif', 'br/a/z']) {
      await writeFile(join(root, name), '')
    }
    await symlink(outside, join(root, 'linked'))
    const files = await folderFiles(root, '/p')
    expect(await files.list()).toEqual(['/p/br/a/z', '/p/br/br.gif', '/p/c.gif'])
    expect(await files.list(2)).toEqual(['/p/br/br.gif', '/p/c.gif'])
    await rm(root, { recursive: true })
    expect(await files.list()).toEqual([])
  })

  test('is neither a file nor missing', async () => {
    const { root, file } = await folders()
    await expect(folderFiles(file)).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(folderFiles(join(root, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.each([
    ['gif', 'image/gif'],
    ['html', 'text/html; charset=utf-8'],
    ['json', 'application/json'],
    ['png', 'image/png'],
    ['svg', 'image/svg+xml'],
    ['TXT', 'text/plain; charset=utf-8'],
    ['webp', 'image/webp'],
    ['bin', 'application/octet-stream'],
  ])('gives a .%s file the type %s', async (extension, contentType) => {
    const root = await tempFolder()
    await writeFile(join(root, `a.${extension}`), 'x')
    const file = await (await folderFiles(root)).open(`/a.${extension}`)
    await file?.close()
    expect(file?.contentType).toBe(contentType)
  })
})

const changedAt = 'Sat, 01 Jan 2022 00:00:01 GMT'

test.each([
  ['its tag', { 'if-none-match': '"bW/c"' }, true],
  ['its tag, weak', { 'if-none-match': '"a", W/"bW/c"' }, true],
  [
    'another tag, whatever the date',
    { 'if-none-match': '"bc"', 'if-modified-since': changedAt },
    false,
  ],
  ['any tag', { 'if-none-match': ' * ' }, true],
  ['the time of its change', { 'if-modified-since': changedAt }, true],
  ['an earlier time', { 'if-modified-since': 'Sat, 01 Jan 2022 00:00:00 GMT' }, false],
  ['no condition', {}, false],
])('a request with %s finds a representation unmodified: %j %s', (_, headers, isUnmodified) => {
  const lastModified = new Date(Date.parse(changedAt) + 999)
  const representation = { etag: '"bW/c"', lastModified } as Representation
  expect(isNotModified(headers, representation)).toBe(isUnmodified)
})
