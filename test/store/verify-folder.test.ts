import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatManifest } from '../../src/store/manifest.js'
import { verifyFolder } from '../../src/store/verify-folder.js'
import { collect } from '../helpers/collect.js'
import { gif } from '../helpers/gif.js'
import { manifestOf, record, writeFlags } from '../helpers/manifest.js'
import { tempFolder } from '../helpers/temp-folder.js'

const { signal } = new AbortController()

test('each file is compared with its record, in the order of the codes', async () => {
  const path = await tempFolder()
  await writeFlags(path, 'BR', 'CN', 'DE', 'FR', 'IN', 'JP', 'US')
  await rm(join(path, 'cn.gif'))
  await writeFile(join(path, 'de.gif'), gif('DE').subarray(0, -1))
  await writeFile(join(path, 'fr.gif'), gif('FX'))
  await rm(join(path, 'in.gif'))
  await mkdir(join(path, 'in.gif'))
  await writeFile(join(path, 'jp.gif'), Buffer.concat([gif('JP'), Buffer.of(0)]))
  const checked = await collect(verifyFolder(path, signal))
  expect(checked.map(({ code, status, message }) => [code, status, message])).toEqual([
    ['BR', 'whole', ''],
    ['CN', 'missing', ''],
    ['DE', 'changed', 'not an intact GIF image'],
    ['FR', 'changed', 'checksum mismatch'],
    ['IN', 'changed', 'not a regular file'],
    ['JP', 'changed', `larger than the ${gif('JP').length} bytes recorded`],
    ['US', 'whole', ''],
  ])
  expect(checked[0]).toMatchObject({ format: 'gif', path: join(path, 'br.gif') })
})

test("a file that cannot be read is unreadable, with the system's reason", async () => {
  const path = await tempFolder()
  const file = `${'x'.repeat(300)}.gif`
  const manifest = manifestOf(record('BR', { file }))
  await writeFile(join(path, 'flags.json'), formatManifest(manifest))
  const [checked] = await collect(verifyFolder(path, signal))
  expect(checked).toMatchObject({
    status: 'unreadable',
    message: expect.stringContaining('ENAMETOOLONG'),
  })
})

test('aborting ends the check with the reason', async () => {
  const path = await tempFolder()
  await writeFlags(path, 'BR')
  const reason = new Error('interrupted')
  await expect(collect(verifyFolder(path, AbortSignal.abort(reason)))).rejects.toBe(reason)
})

test('a folder without flags.json is an error', async () => {
  await expect(collect(verifyFolder(await tempFolder(), signal))).rejects.toThrow('no flags.json')
})
