import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { RunError } from '../../src/errors.js'
import {
  createOutput,
  escapeControls,
  hasColor,
  isAsciiOnly,
  toJsonLine,
} from '../../src/report/output.js'
import { testStream } from '../helpers/run-main.js'
import { tempFolder } from '../helpers/temp-folder.js'

const never = new AbortController().signal

/** A stream that holds every write until it is released, with an error where one is given. */
function heldStream(highWaterMark = 1) {
  const held: ((error?: Error) => void)[] = []
  const stream = new Writable({ highWaterMark, write: (_chunk, _coding, done) => held.push(done) })
  return { stream, release: (error?: Error) => held.shift()?.(error) }
}

/** Is it settled by the next turn of the event loop? */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.finally(() => {
    settled = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

const systemError = (code: string, errno: number) => Object.assign(new Error('x'), { code, errno })
const noSpace = systemError('ENOSPC', -28)

describe('an output', () => {
  test.each([
    [{}, { isTerminal: true, canRedraw: true }],
    [{ CI: 'false' }, { isTerminal: true, canRedraw: true }],
    [{ CI: 'true' }, { isTerminal: true, canRedraw: false }],
    [{ TERM: 'dumb' }, { isTerminal: true, canRedraw: false }],
  ])('to a terminal with %j is %j', (env, expected) => {
    const { stream } = testStream({ columns: 40, rows: 10 })
    expect(createOutput(stream, env, never)).toMatchObject(expected)
  })

  test('to a pipe is not a terminal, and has 80 columns', () => {
    const output = createOutput(new PassThrough(), {}, never)
    expect(output).toMatchObject({ isTerminal: false, canRedraw: false })
    expect(output.columns()).toBe(80)
  })

  test("follows the terminal's width; an unknown one counts as 80", () => {
    const { stream } = testStream({ columns: 40, rows: 10 })
    const output = createOutput(stream, {}, never)
    expect(output.columns()).toBe(40)
    Object.assign(stream, { columns: 0 })
    expect(output.columns()).toBe(80)
  })

  test('distinguishes a pipe from a file and a device', async () => {
    const isPipe = (fd?: number) =>
      createOutput(Object.assign(new PassThrough(), fd !== undefined && { fd }), {}, never).isPipe()
    const opened = (path: string) => {
      const fd = openSync(path, 'r+')
      onTestFinished(() => closeSync(fd))
      return fd
    }
    const folder = await tempFolder()
    writeFileSync(join(folder, 'file'), '')
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(isPipe()).toBe(true)
    expect(isPipe(opened(join(folder, 'pipe')))).toBe(true)
    expect(isPipe(opened(join(folder, 'file')))).toBe(false)
    expect(isPipe(opened('/dev/null'))).toBe(false)
  })

  test('makes the writer wait for a slow reader', async () => {
    const { stream, release } = heldStream()
    const output = createOutput(stream, {}, never)
    const writing = output.write('text')
    expect(await isSettled(writing)).toBe(false)
    release()
    await writing
    expect([stream.listenerCount('drain'), stream.listenerCount('close')]).toEqual([0, 0])
  })

  test('does not make the writer wait while the buffer has room, but flush waits', async () => {
    const { stream, release } = heldStream(100)
    const output = createOutput(stream, {}, never)
    expect(await isSettled(output.write('text'))).toBe(true)
    const flushing = output.flush()
    expect(await isSettled(flushing)).toBe(false)
    release()
    release()
    await flushing
  })

  test('does not wait for a reader once the signal aborts, before or during the wait', async () => {
    const controller = new AbortController()
    const { stream } = heldStream()
    const output = createOutput(stream, {}, controller.signal)
    const writing = output.write('text')
    expect(await isSettled(writing)).toBe(false)
    controller.abort()
    await writing
    await output.write('more')
    await output.flush()
  })

  test('reports text lost to a full disk as a RunError, at the next write and at the flush', async () => {
    const { stream, release } = heldStream(100)
    const output = createOutput(stream, {}, never)
    await output.write('text')
    const flushing = output.flush()
    release(noSpace)
    const lost = new RunError('cannot write to stdout: no space left on device (ENOSPC)')
    await expect(flushing).rejects.toThrow(lost)
    await expect(output.write('more')).rejects.toThrow(lost)
    await expect(output.flush()).rejects.toMatchObject({ name: 'RunError', cause: noSpace })
  })

  test.each([
    ['a reader that closed the pipe', systemError('EPIPE', -32), {}],
    ['a full disk behind messages', noSpace, { ignoreWriteErrors: true }],
  ])('discards text after %s', async (_name, error, options) => {
    let writes = 0
    const stream = new Writable({
      write(_chunk, _coding, done) {
        writes += 1
        done(error)
      },
    })
    const output = createOutput(stream, {}, never, options)
    await output.write('text')
    await output.flush()
    await output.write('more')
    await output.flush()
    expect(writes).toBe(1)
  })
})

test.each([
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { TERM: 'dumb' }, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['auto', false, { FORCE_COLOR: '1' }, true],
  ['auto', false, { FORCE_COLOR: '' }, false],
  ['auto', true, { FORCE_COLOR: '0' }, false],
  ['auto', true, { FORCE_COLOR: 'false' }, false],
  ['auto', true, { TERM: 'dumb', FORCE_COLOR: '1' }, true],
  ['always', false, { NO_COLOR: '1', TERM: 'dumb' }, true],
  ['never', true, { FORCE_COLOR: '1' }, false],
  [false, true, { FORCE_COLOR: '1' }, false],
] as const)('color %s, terminal %s and %j give color: %s', (mode, isTerminal, env, expected) => {
  expect(hasColor(mode, isTerminal, env)).toBe(expected)
})

test.each([
  [{}, false],
  [{ LANG: '' }, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'de_DE.utf8' }, false],
  [{ LC_CTYPE: 'C', LANG: 'en_US.UTF-8' }, true],
  [{ LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
  [{ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }, false],
])('the locale %j is ASCII only: %s', (env, expected) => {
  expect(isAsciiOnly(env)).toBe(expected)
})

const controls = [...'\u0000\n\u001b\u007f\u009b\u2028\u202e\u2066\u2069']
const harmless = [' ', '~', '\u00a0', 'ü', '\u2027', '\u202f', '\u2065', '\u206a', '🇧🇷']

test('escapeControls replaces each control character and leaves its neighbors alone', () => {
  expect(controls.map(escapeControls)).toEqual(controls.map(() => '\ufffd'))
  expect(harmless.map(escapeControls)).toEqual(harmless)
  expect(escapeControls('\u001b[31ma\r\n')).toBe('\ufffd[31ma\ufffd\ufffd')
})

test('toJsonLine writes control characters as escapes of four hexadecimal digits', () => {
  expect(toJsonLine('\u009b\u202e')).toBe('"\\u009b\\u202e"')
  expect(toJsonLine('\u007f')).toBe('"\\u007f"')
})

test('toJsonLine is one harmless line with the same meaning', () => {
  const text = fc.array(fc.constantFrom(...controls, ...harmless)).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.record({ text }), (value) => {
      const line = toJsonLine(value)
      expect(JSON.parse(line)).toEqual(value)
      expect(line).toBe(escapeControls(line))
    }),
  )
})
