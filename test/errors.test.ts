import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  Interrupt,
  isErrno,
  RunError,
  shellQuoted,
  shortened,
  systemErrorText,
  withWriteError,
} from '../src/errors.js'

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
  [Object.assign(new Error('own text'), { code: 'EISDIR', errno: -21 }), 'it is a folder (EISDIR)'],
  ['text', 'text'],
])('systemErrorText describes %s as %j', (reason, text) => {
  expect(systemErrorText(reason)).toBe(text)
})

test.each([
  ['a/b-c_1.2', 'a/b-c_1.2'],
  ['Österreich', 'Österreich'],
  ['my flags', '"my flags"'],
  ["it's", '"it\'s"'],
  ['a$b`c"d\\', "'a$b`c\"d\\'"],
  ["it's!", "'it'\\''s!'"],
  ['', '""'],
])('shellQuoted writes %j as %s for POSIX shells, which read it as that word', (word, quoted) => {
  expect(shellQuoted(word, 'linux')).toBe(quoted)
  if (process.platform === 'win32') return
  expect(execFileSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(word)
})

test.each([
  ['C:\\my flags', '"C:\\my flags"'],
  ['a"b', '"a""b"'],
])('shellQuoted writes %j as %s on Windows', (word, quoted) => {
  expect(shellQuoted(word, 'win32')).toBe(quoted)
})

test.each([
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), `${'x'.repeat(40)}…`],
  [`http://${'x'.repeat(73)}`, `http://${'x'.repeat(73)}`],
  [`http://${'x'.repeat(80)}/{cc}.gif`, `http://${'x'.repeat(32)}…${'x'.repeat(31)}/{cc}.gif`],
])('shortened keeps the beginning of a text, and both ends of a URL: %s', (text, short) => {
  expect(shortened(text)).toBe(short)
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
