import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryPath, writeAtomically } from '../../src/store/atomic-write.js'
import { openFolder } from '../../src/store/folder.js'
import { formatManifest, parseManifest } from '../../src/store/manifest.js'
import { gif } from '../helpers/gif.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const facts = {
  file: 'br.gif',
  url: 'http://h/br/br.gif',
  source: 'http://h/{cc}/{cc}.gif',
  etag: '"1"',
  width: 3,
  height: 2,
  fetched: '2026-01-02T03:04:05.678Z',
}

async function save(path: string, code: string, body: Buffer): Promise<void> {
  const folder = await openFolder(path)
  await folder.save(code, body, { ...facts, file: `${code.toLowerCase()}.gif` })
  await folder.close()
}

describe('a record', () => {
  test('is loadManifest while the file has the bytes that were saved', async () => {
    const path = await tempFolder()
    await save(path, 'BR', gif('BR'))
    expect(await (await openFolder(path)).verifiedRecord('BR')).toMatchObject({ etag: '"1"' })
    await writeFile(join(path, 'br.gif'), gif('BS'))
    expect(await (await openFolder(path)).verifiedRecord('BR')).toBeUndefined()
  })

  test('of two runs in one folder keeps what both saved', async () => {
    const path = await tempFolder()
    const [one, other] = [await openFolder(path), await openFolder(path)]
    await one.save('BR', gif('BR'), facts)
    await other.save('CN', gif('CN'), { ...facts, file: 'cn.gif' })
    await one.close()
    await other.close()
    const text = await readFile(join(path, 'flags.json'), 'utf8')
    expect([...(parseManifest(text)?.keys() ?? [])]).toEqual(['BR', 'CN'])
    expect(await namesIn(path)).toEqual(['br.gif', 'cn.gif', 'flags.json'])
  })

  test.each([
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['nothing', () => ''],
    ['another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['another program’s', () => '{"flags":["br"]}'],
    ['a file outside', (text: string) => text.replace('br.gif"', '../br.gif"')],
    ['a size that is none', (text: string) => text.replace(/"bytes":\d+/, '"bytes":"7"')],
  ])('that is %s is set aside, never loadManifest, never lost', async (_name, spoil) => {
    const path = await tempFolder()
    await save(path, 'BR', gif('BR'))
    const file = join(path, 'flags.json')
    const spoilt = spoil(await readFile(file, 'utf8'))
    await writeFile(file, spoilt)

    const folder = await openFolder(path)
    expect(folder.warning).toMatch(/set aside as /)
    expect(await folder.verifiedRecord('BR')).toBeUndefined()
    const aside = (await namesIn(path)).find((name) => name.startsWith('flags.json.')) ?? ''
    expect(await readFile(join(path, aside), 'utf8')).toBe(spoilt)
  })

  test('survives being written and read', () => {
    const record = { ...facts, bytes: 7, sha256: 'a' }
    const manifest = new Map([
      ['CN', record],
      ['BR', record],
    ])
    const text = formatManifest(manifest)
    expect(text.match(/^"(..)":/gm)).toEqual(['"BR":', '"CN":'])
    expect(parseManifest(text)).toEqual(manifest)
    expect(parseManifest(formatManifest(new Map()))).toEqual(new Map())
  })
})

describe('temporary files', () => {
  test('of a killed run are removed by the next, those of a live one are not', async () => {
    const path = await tempFolder()
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    const live = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    onTestFinished(() => void live.kill())
    const host = hostname().replace(/[^\w-]/g, '_')
    const left = `.br.gif.${host}-${dead.pid}-1.tmp`
    const under = `.br.gif.${host}-${live.pid}-1.tmp`
    const elsewhere = `.cn.gif.another-machine-${dead.pid}-1.tmp`
    const longAgo = `.de.gif.another-machine-${dead.pid}-1.tmp`
    const foreign = '.notes.tmp'
    for (const name of [left, under, elsewhere, longAgo, foreign])
      await writeFile(join(path, name), '')
    await utimes(join(path, longAgo), 0, 0)
    await openFolder(path)
    expect(await namesIn(path)).toEqual([under, elsewhere, foreign].sort())
  })

  test('have a name of their own, beside the file', () => {
    const names = [temporaryPath('a/br.gif'), temporaryPath('a/br.gif')]
    expect(names[0]).not.toBe(names[1])
    expect(names[0]).toMatch(/^a[\\/]\.br\.gif\./)
  })

  test('are gone where writing failed', async () => {
    const path = await tempFolder()
    await expect(writeAtomically(join(path, 'no', 'br.gif'), 'x')).rejects.toThrow(/ENOENT/)
    expect(await namesIn(path)).toEqual([])
  })
})
