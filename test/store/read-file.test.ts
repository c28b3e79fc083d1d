import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readFile } from '../../src/store/read-file.js'
import { tempFolder } from '../helpers/temp-folder.js'

test('a file of at most the limit is read, also through a link', async () => {
  const path = await tempFolder()
  await writeFile(join(path, 'file'), 'abc')
  await symlink('file', join(path, 'link'))
  expect((await readFile(join(path, 'file'), 3)).toString()).toBe('abc')
  expect((await readFile(join(path, 'link'), 4)).toString()).toBe('abc')
  await expect(readFile(join(path, 'file'), 2)).rejects.toThrow('larger than 2 bytes')
})

test('an empty file is read', async () => {
  const file = join(await tempFolder(), 'empty')
  await writeFile(file, '')
  expect(await readFile(file, 0)).toHaveLength(0)
})

test.each([
  ['a link to a device without an end', (file: string) => symlink('/dev/zero', file)],
  ['a named pipe', (file: string) => promisify(execFile)('mkfifo', [file])],
  ['a folder', (file: string) => mkdir(file)],
])('%s is refused at once', async (_, make) => {
  const file = join(await tempFolder(), 'file')
  await make(file)
  await expect(readFile(file, 100)).rejects.toThrow('not a regular file')
})

test('a missing file is the system’s error', async () => {
  await expect(readFile(join(await tempFolder(), 'none'), 1)).rejects.toThrow('ENOENT')
})
