import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { withTempFolder } from '../../src/store/temp-folder.js'

test('a temporary folder is there for its use, and gone after it', async () => {
  let path = ''
  const result = await withTempFolder(async (folder) => {
    path = folder
    await access(folder)
    return 7
  })
  expect(result).toBe(7)
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('a temporary folder is gone after an error', async () => {
  let path = ''
  const using = withTempFolder(async (folder) => {
    path = folder
    throw new Error('failed')
  })
  await expect(using).rejects.toThrow('failed')
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('where none can be created, the error names the place', async () => {
  const { TMPDIR } = process.env
  onTestFinished(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  process.env.TMPDIR = '/nowhere'
  await expect(withTempFolder(async () => {})).rejects.toThrow(
    `cannot create a folder in ${tmpdir()}: `,
  )
})
