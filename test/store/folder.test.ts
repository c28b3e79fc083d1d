import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openFolder } from '../../src/store/folder.js'
import { readManifest } from '../../src/store/manifest-file.js'
import { gif } from '../helpers/gif.js'
import { record, writeFlags } from '../helpers/manifest.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const br = { code: 'BR', format: 'gif' } as const

describe('a saved flag', () => {
  test('is in place and on record, and its record is valid while the file has the same bytes', async () => {
    const path = await tempFolder()
    const folder = await openFolder(path)
    await folder.save(gif('BR'), record('BR'))
    await folder.close()
    expect(await namesIn(path)).toEqual(['br.gif', 'flags.json'])
    expect(await (await openFolder(path)).verifiedRecord(br)).toEqual(record('BR'))
    await writeFile(join(path, 'br.gif'), gif('BS'))
    expect(await (await openFolder(path)).verifiedRecord(br)).toBeUndefined()
  })

  test('has no record in another format', async () => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    const folder = await openFolder(path)
    expect(await folder.verifiedRecord({ code: 'BR', format: 'png' })).toBeUndefined()
  })

  test('loses validators that no header can carry', async () => {
    const path = await tempFolder()
    const folder = await openFolder(path)
    await folder.save(gif('BR'), record('BR', { etag: '"a\nb"', lastModified: 'x\u0100' }))
    const validators = { etag: undefined, lastModified: undefined }
    expect(await folder.verifiedRecord(br)).toEqual({ ...record('BR'), ...validators })
  })

  test('leaves no file of its former name', async () => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    const folder = await openFolder(path)
    await folder.save(gif('BR'), record('BR', { file: 'Brazil.gif' }))
    await folder.close()
    expect(await namesIn(path)).toEqual(['Brazil.gif', 'flags.json'])
  })

  test.each([
    ['that was changed since', (path: string) => writeFile(join(path, 'br.gif'), 'mine')],
    ['that another flag shares', async () => {}],
  ])('leaves a file of its former name %s', async (name, change) => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    await change(path)
    const folder = await openFolder(path)
    if (name.includes('shares')) await folder.save(gif('BR'), record('CN', { file: 'br.gif' }))
    await folder.save(gif('BR'), record('BR', { file: 'Brazil.gif' }))
    await folder.close()
    expect(await namesIn(path)).toEqual(['Brazil.gif', 'br.gif', 'flags.json'])
  })

  test('keeps its file where only the case of the name changes', async () => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    const folder = await openFolder(path)
    await folder.save(gif('BR'), record('BR', { file: 'BR.gif' }))
    expect(await namesIn(path)).toContain('br.gif')
  })
})

describe('an output folder', () => {
  test('is created with its parents, and gets no manifest while nothing is saved', async () => {
    const path = join(await tempFolder(), 'a', 'b')
    const folder = await openFolder(path)
    await folder.close()
    expect(folder.warning).toBeUndefined()
    expect(folder.pathOf('br.gif')).toBe(join(path, 'br.gif'))
    expect(await namesIn(path)).toEqual([])
  })

  test('keeps the records of two runs', async () => {
    const path = await tempFolder()
    const [one, other] = [await openFolder(path), await openFolder(path)]
    await one.save(gif('BR'), record('BR'))
    await other.save(gif('CN'), record('CN'))
    await Promise.all([one.close(), other.close()])
    const file = await readManifest(path)
    expect(file.state === 'read' && [...file.manifest.keys()].sort()).toEqual(['BR.gif', 'CN.gif'])
    expect(await namesIn(path)).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test('keeps the name of a flag on record', async () => {
    const path = await tempFolder()
    await writeFlags(path, 'BR')
    const folder = await openFolder(path)
    expect(folder.allocateName('br', { code: 'XX', format: 'gif' })).toBe('br_XX.gif')
    expect(folder.allocateName('br', br)).toBe('br.gif')
  })

  test('loses the temporary files of a killed run, not those of a running one or of others', async () => {
    const path = await tempFolder()
    const stale = '.br.gif.0123456789ab.tmp'
    const kept = ['.br.gif.0123456789ac.tmp', '.br.gif.0123456789.tmp', '.notes.tmp', 'br.gif.tmp']
    for (const name of [stale, ...kept]) {
      await writeFile(join(path, name), '')
      if (name !== kept[0]) await utimes(join(path, name), 0, 0)
    }
    await mkdir(join(path, '.a.000000000000.tmp'))
    await utimes(join(path, '.a.000000000000.tmp'), 0, 0)
    await openFolder(path)
    expect(await namesIn(path)).toEqual(['.a.000000000000.tmp', ...kept].sort())
  })

  test.each([
    ['a file', (path: string) => writeFile(path, ''), 'it is a file, not a folder'],
    ['below a file', (path: string) => writeFile(join(path, '..', 'file'), ''), 'it is a file'],
    ['a dangling link', (path: string) => symlink('nowhere', path), '(ENOENT)'],
  ])('that is %s is refused with the reason', async (kind, make, why) => {
    const parent = await tempFolder()
    const path = kind === 'below a file' ? join(parent, 'file', 'x') : join(parent, 'x')
    await make(path).catch(() => writeFile(join(parent, 'file'), ''))
    const opening = openFolder(path)
    await expect(opening).rejects.toMatchObject({ name: 'RunError' })
    await expect(opening).rejects.toThrow(`cannot write to the folder ${path}: `)
    await expect(opening).rejects.toThrow(why)
  })

  test('where a flag cannot be written names the file, and leaves no other', async () => {
    const path = await tempFolder()
    const folder = await openFolder(path)
    await mkdir(join(path, 'br.gif'))
    await expect(folder.save(gif('BR'), record('BR'))).rejects.toThrow(
      `cannot write ${join(path, 'br.gif')}: `,
    )
    expect(await namesIn(path)).toEqual(['br.gif'])
  })
})
