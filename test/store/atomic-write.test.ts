import { execFile } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isStaleTempFile, readRegularFile, writeAtomically } from '../../src/store/atomic-write.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

describe('writing a file', () => {
  test('replaces the file in place, even a link, and leaves no other', async () => {
    const path = await tempFolder()
    await writeFile(join(path, 'target'), 'old')
    await symlink('target', join(path, 'br.gif'))
    await writeAtomically(join(path, 'br.gif'), 'new')
    expect(await readFile(join(path, 'br.gif'), 'utf8')).toBe('new')
    expect(await readFile(join(path, 'target'), 'utf8')).toBe('old')
    expect(await namesIn(path)).toEqual(['br.gif', 'target'])
  })

  test('leaves nothing if it fails', async () => {
    const path = await tempFolder()
    await expect(writeAtomically(join(path, 'no', 'br.gif'), 'x')).rejects.toThrow('ENOENT')
    await mkdir(join(path, 'br.gif'))
    await expect(writeAtomically(join(path, 'br.gif'), 'x')).rejects.toThrow('EISDIR')
    expect(await namesIn(path)).toEqual(['br.gif'])
  })

  test('never removes a temporary file of another process', async () => {
    const path = await tempFolder()
    // Its name counts up from that of the previous file.
    const names: string[] = []
    const watcher = watch(path, (_event, name) => names.push(String(name)))
    onTestFinished(() => watcher.close())
    await writeAtomically(join(path, 'br.gif'), 'x')
    await vi.waitUntil(() => names.some((name) => name.endsWith('.tmp')))
    const [, id = ''] =
      /\.([0-9a-f]{12})\.tmp$/.exec(names.find((name) => name.endsWith('.tmp')) ?? '') ?? []
    const next = (Number.parseInt(id, 16) + 1).toString(16).padStart(12, '0')
    const foreign = join(path, `.br.gif.${next}.tmp`)
    await writeFile(foreign, 'theirs')
    await expect(writeAtomically(join(path, 'br.gif'), 'x')).rejects.toThrow('EEXIST')
    expect(await readFile(foreign, 'utf8')).toBe('theirs')
  })
})

test('a temporary file that no longer exists is not stale', async () => {
  expect(await isStaleTempFile(join(await tempFolder(), '.br.gif.0123456789ab.tmp'))).toBe(false)
})

test('a file of at most the limit is read, even through a link', async () => {
  const path = await tempFolder()
  await writeFile(join(path, 'file'), 'abc')
  await symlink('file', join(path, 'link'))
  expect((await readRegularFile(join(path, 'file'), 3)).toString()).toBe('abc')
  expect((await readRegularFile(join(path, 'link'), 4)).toString()).toBe('abc')
  await expect(readRegularFile(join(path, 'file'), 2)).rejects.toThrow('larger than 2 bytes')
})

test('a file larger than any flag is refused, whatever its record says', async () => {
  const file = join(await tempFolder(), 'large')
  await writeFile(file, '')
  await truncate(file, 3_000_000_000)
  await expect(readRegularFile(file, 3_000_000_000)).rejects.toThrow('larger than 100000000 bytes')
})

test('an empty file is read', async () => {
  const file = join(await tempFolder(), 'empty')
  await writeFile(file, '')
  expect(await readRegularFile(file, 0)).toHaveLength(0)
})

test.each([
  ['a link to a device without an end', (file: string) => symlink('/dev/zero', file)],
  ['a named pipe', (file: string) => promisify(execFile)('mkfifo', [file])],
  ['a folder', (file: string) => mkdir(file)],
])('%s is refused at once', async (_, make) => {
  const file = join(await tempFolder(), 'file')
  await make(file)
  await expect(readRegularFile(file, 100)).rejects.toThrow('not a regular file')
})

test("a missing file causes the system's error", async () => {
  await expect(readRegularFile(join(await tempFolder(), 'none'), 1)).rejects.toThrow('ENOENT')
})
