import { access, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openFolder, withTempFolder } from '../../src/store/folder.js'
import { readManifest } from '../../src/store/manifest-file.js'
import { gif } from '../helpers/gif.js'
import { record, writeFlags } from '../helpers/manifest.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const { signal } = new AbortController()
const br = { code: 'BR', format: 'gif' } as const

/** A new folder with these flags in it. */
async function opened(...codes: string[]) {
  const path = await tempFolder()
  if (codes.length > 0) await writeFlags(path, ...codes)
  return { path, folder: await openFolder(path, signal) }
}

describe('a saved flag', () => {
  test('is in place and recorded, and its record is valid while the file has the same bytes', async () => {
    const { path, folder } = await opened()
    await folder.save(gif('BR'), record('BR'))
    await folder.close()
    expect(await namesIn(path)).toEqual(['br.gif', 'flags.json'])
    expect(await (await openFolder(path, signal)).verifiedRecord(br)).toEqual(record('BR'))
    await writeFile(join(path, 'br.gif'), gif('BS'))
    expect(await (await openFolder(path, signal)).verifiedRecord(br)).toBeUndefined()
  })

  test('has no record in another format', async () => {
    const { folder } = await opened('BR')
    expect(await folder.verifiedRecord({ code: 'BR', format: 'png' })).toBeUndefined()
  })

  test('loses validators that no header can carry', async () => {
    const { folder } = await opened()
    await folder.save(gif('BR'), record('BR', { etag: '"a\nb"', lastModified: 'x\u0100' }))
    const validators = { etag: undefined, lastModified: undefined }
    expect(await folder.verifiedRecord(br)).toEqual({ ...record('BR'), ...validators })
  })

  test('leaves no file of its former name', async () => {
    const { path, folder } = await opened('BR')
    await folder.save(gif('BR'), record('BR', { file: 'Brazil.gif' }))
    await folder.close()
    expect(await namesIn(path)).toEqual(['Brazil.gif', 'flags.json'])
  })

  test.each([
    ['that was changed since', (path: string) => writeFile(join(path, 'br.gif'), 'mine')],
    ['that another flag shares', async () => {}],
  ])('keeps a file of its former name %s', async (name, change) => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    await change(path)
    const folder = await openFolder(path, signal)
    if (name.includes('shares')) await folder.save(gif('BR'), record('CN', { file: 'br.gif' }))
    await folder.save(gif('BR'), record('BR', { file: 'Brazil.gif' }))
    await folder.close()
    expect(await namesIn(path)).toEqual(['Brazil.gif', 'br.gif', 'flags.json'])
  })

  test('keeps its file where only the case of the name changes', async () => {
    const { path, folder } = await opened('BR')
    await folder.save(gif('BR'), record('BR', { file: 'BR.gif' }))
    expect(await namesIn(path)).toContain('br.gif')
  })
})

describe('an output folder', () => {
  test('is created with its parents, and gets no manifest while nothing is saved', async () => {
    const path = join(await tempFolder(), 'a', 'b')
    const folder = await openFolder(path, signal)
    await folder.close()
    expect(folder.warning).toBeUndefined()
    expect(folder.pathOf('br.gif')).toBe(join(path, 'br.gif'))
    expect(await namesIn(path)).toEqual([])
  })

  test('keeps the records of two runs', async () => {
    const path = await tempFolder()
    const [one, other] = [await openFolder(path, signal), await openFolder(path, signal)]
    await one.save(gif('BR'), record('BR'))
    await other.save(gif('CN'), record('CN'))
    await Promise.all([one.close(), other.close()])
    const file = await readManifest(path)
    expect(file.state === 'read' && [...file.manifest.keys()].sort()).toEqual(['BR.gif', 'CN.gif'])
    expect(await namesIn(path)).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test('keeps the name of a recorded flag', async () => {
    const { folder } = await opened('BR')
    expect(folder.allocateName('br', { code: 'XX', format: 'gif' })).toBe('br_XX.gif')
    expect(folder.allocateName('br', br)).toBe('br.gif')
  })

  test('loses the temporary files of a killed run, but not those of a running one or of others', async () => {
    const path = await tempFolder()
    const stale = '.br.gif.0123456789ab.tmp'
    const kept = ['.br.gif.0123456789ac.tmp', '.br.gif.0123456789.tmp', '.notes.tmp', 'br.gif.tmp']
    for (const name of [stale, ...kept]) {
      await writeFile(join(path, name), '')
      if (name !== kept[0]) await utimes(join(path, name), 0, 0)
    }
    await mkdir(join(path, '.a.000000000000.tmp'))
    await utimes(join(path, '.a.000000000000.tmp'), 0, 0)
    await openFolder(path, signal)
    expect(await namesIn(path)).toEqual(['.a.000000000000.tmp', ...kept].sort())
  })

  test.each(['a/../b', './a//b/', 'a/b/c/d', '../x'])('may be %j', async (name) => {
    const path = join(await tempFolder(), 'in')
    const folder = await openFolder(`${path}/${name}`, signal)
    await folder.save(gif('BR'), record('BR'))
    expect(await namesIn(join(path, name))).toEqual(['br.gif'])
  })

  test('beyond a link is the folder that its files are written to', async () => {
    const [path, elsewhere] = [await tempFolder(), await tempFolder()]
    await mkdir(join(elsewhere, 'deep'))
    await symlink(join(elsewhere, 'deep'), join(path, 'link'))
    const folder = await openFolder(`${path}/link/../x`, signal)
    await folder.save(gif('BR'), record('BR'))
    expect(await namesIn(join(path, 'x'))).toEqual(['br.gif'])
    expect(await namesIn(elsewhere)).toEqual(['deep'])
  })

  test('does not touch the target of a link in place of its probe', async () => {
    const [path, elsewhere] = [await tempFolder(), join(await tempFolder(), 'notes')]
    await writeFile(elsewhere, 'mine')
    await symlink(elsewhere, join(path, '.flags.json.probe'))
    await openFolder(path, signal)
    expect(await readFile(elsewhere, 'utf8')).toBe('mine')
  })

  test('may be created by many runs at once', async () => {
    const path = join(await tempFolder(), 'a', 'b', 'c')
    const folders = Array.from({ length: 20 }, () => openFolder(path, signal))
    expect(await Promise.all(folders)).toHaveLength(20)
  })

  test.runIf(process.platform === 'linux')('below /proc is refused', async () => {
    const opening = openFolder('/proc/x/y', signal)
    await expect(opening).rejects.toThrow('cannot write to the folder /proc/x/y: ')
  })

  test.each([
    ['a file', (path: string) => writeFile(path, ''), 'it is a file, not a folder'],
    ['below a file', (path: string) => writeFile(join(path, '..', 'file'), ''), 'it is a file'],
    ['a dangling link', (path: string) => symlink('nowhere', path), '(ENOENT)'],
  ])('that is %s is refused with the reason', async (kind, make, why) => {
    const parent = await tempFolder()
    const path = kind === 'below a file' ? join(parent, 'file', 'x') : join(parent, 'x')
    await make(path).catch(() => writeFile(join(parent, 'file'), ''))
    const opening = openFolder(path, signal)
    await expect(opening).rejects.toMatchObject({ name: 'RunError' })
    await expect(opening).rejects.toThrow(`cannot write to the folder ${path}: `)
    await expect(opening).rejects.toThrow(why)
  })

  test('names the file that cannot be written, and leaves no other', async () => {
    const { path, folder } = await opened()
    await mkdir(join(path, 'br.gif'))
    await expect(folder.save(gif('BR'), record('BR'))).rejects.toThrow(
      `cannot write ${join(path, 'br.gif')}: `,
    )
    expect(await namesIn(path)).toEqual(['br.gif'])
  })
})

test('a temporary folder exists during its use, and not after it', async () => {
  let path = ''
  const result = await withTempFolder(async (folder) => {
    path = folder
    await access(folder)
    return 7
  })
  expect(result).toBe(7)
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('a temporary folder does not exist after an error', async () => {
  let path = ''
  const using = withTempFolder(async (folder) => {
    path = folder
    throw new Error('failed')
  })
  await expect(using).rejects.toThrow('failed')
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('the error names the place where no temporary folder can be created', async () => {
  vi.stubEnv('TMPDIR', '/nowhere')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(withTempFolder(async () => {})).rejects.toMatchObject({
    name: 'RunError',
    message: expect.stringMatching(/^cannot create a folder in \/nowhere: .+ \(ENOENT\)$/),
  })
})
