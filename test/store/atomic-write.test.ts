import * as crypto from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { isStaleTempFile, writeAtomically } from '../../src/store/atomic-write.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof crypto>()
  return { ...actual, randomBytes: vi.fn(actual.randomBytes) }
})

describe('writing a file', () => {
  test('replaces the one in place, also a link, and leaves no other', async () => {
    const path = await tempFolder()
    await writeFile(join(path, 'target'), 'old')
    await symlink('target', join(path, 'br.gif'))
    await writeAtomically(join(path, 'br.gif'), 'new')
    expect(await readFile(join(path, 'br.gif'), 'utf8')).toBe('new')
    expect(await readFile(join(path, 'target'), 'utf8')).toBe('old')
    expect(await namesIn(path)).toEqual(['br.gif', 'target'])
  })

  test('that fails leaves nothing', async () => {
    const path = await tempFolder()
    await expect(writeAtomically(join(path, 'no', 'br.gif'), 'x')).rejects.toThrow('ENOENT')
    await mkdir(join(path, 'br.gif'))
    await expect(writeAtomically(join(path, 'br.gif'), 'x')).rejects.toThrow('EISDIR')
    expect(await namesIn(path)).toEqual(['br.gif'])
  })

  test('never removes a temporary file of somebody else', async () => {
    const path = await tempFolder()
    const bytes = Buffer.from('0123456789ab', 'hex')
    vi.mocked(crypto.randomBytes).mockImplementationOnce((() => bytes) as typeof crypto.randomBytes)
    const foreign = join(path, '.br.gif.0123456789ab.tmp')
    await writeFile(foreign, 'theirs')
    await expect(writeAtomically(join(path, 'br.gif'), 'x')).rejects.toThrow('EEXIST')
    expect(await readFile(foreign, 'utf8')).toBe('theirs')
    expect(await namesIn(path)).toEqual(['.br.gif.0123456789ab.tmp'])
  })
})

test('a temporary file that is gone by now is not stale', async () => {
  expect(await isStaleTempFile(join(await tempFolder(), '.br.gif.0123456789ab.tmp'))).toBe(false)
})
