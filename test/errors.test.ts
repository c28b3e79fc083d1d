import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Interrupt, isErrno, RunError, systemErrorText, withWriteError } from '../src/errors.js'

const error = await readFile('/no/such/file').catch((reason: unknown) => reason)

test('isErrno compares the code of a system error', () => {
  expect(isErrno(error, 'ENOENT')).toBe(true)
  expect(isErrno(error, 'EEXIST', 'ENOENT')).toBe(true)
  expect(isErrno(error, 'EEXIST')).toBe(false)
  expect(isErrno(new Error('ENOENT'), 'ENOENT')).toBe(false)
  expect(isErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false)
  expect(isErrno(undefined, 'undefined')).toBe(false)
})

test.each([
  [error, 'no such file or directory (ENOENT)'],
  [Object.assign(new Error('own text'), { code: 'ERR_X' }), 'own text (ERR_X)'],
  [new Error('own text'), 'own text'],
  ['text', 'text'],
])('systemErrorText describes %s as %j', (reason, text) => {
  expect(systemErrorText(reason)).toBe(text)
})

test('withWriteError names the file in a RunError and keeps the cause', async () => {
  await withWriteError('out', Promise.resolve())
  const failing = withWriteError('out', Promise.reject(error))
  const expected = new RunError('cannot write out: no such file or directory (ENOENT)')
  await expect(failing).rejects.toThrow(expected)
  await expect(failing).rejects.toMatchObject({ name: 'RunError', cause: error })
})

test('an Interrupt has its signal', () => {
  const interrupt = new Interrupt('SIGTERM')
  expect(interrupt).toMatchObject({ signal: 'SIGTERM', message: 'interrupted by SIGTERM' })
})
