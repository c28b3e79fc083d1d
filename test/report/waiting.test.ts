import { once } from 'node:events'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createOutput } from '../../src/report/output.js'
import {
  type Activity,
  createActivity,
  spin,
  spinnerFrame,
  spinWhile,
} from '../../src/report/waiting.js'
import { testStream } from '../helpers/run-main.js'
import { screenAfter } from '../helpers/terminal.js'

function testTerminal() {
  const { stream, text: written } = testStream({ columns: 80, rows: 24 })
  const output = createOutput(stream, {}, new AbortController().signal)
  return { output, written, next: () => once(stream, 'data') }
}

describe('a frame of the spinner', () => {
  test('turns from one to the next', async () => {
    const shown = []
    for (const index of [0, 1, 2, 3, 4]) {
      shown.push((await screenAfter(spinnerFrame(index, 'thinking!', 80))).rows)
    }
    expect(shown.flat().map((line) => line[0])).toEqual(['|', '/', '-', '\\', '|'])
  })

  test('replaces the previous one, whatever was echoed after it', async () => {
    const sent = `${spinnerFrame(0, 'thinking!', 80)}^C${spinnerFrame(1, 'done', 80)}`
    expect((await screenAfter(sent)).rows).toEqual(['/ done'])
  })

  test('never wraps, and escapes control characters', async () => {
    expect((await screenAfter(spinnerFrame(0, 'thinking!', 8))).rows).toEqual(['| think'])
    expect((await screenAfter(spinnerFrame(0, 'a\nb', 80))).rows).toEqual(['| a\ufffdb'])
  })
})

describe('the spinner', () => {
  test('draws until it is stopped, erases itself, and gives the number of frames', async () => {
    const terminal = testTerminal()
    const stop = new AbortController()
    const spinning = spin(terminal.output, 'thinking!', stop.signal)
    await terminal.next()
    await terminal.next()
    expect((await screenAfter(terminal.written())).rows).toEqual(['- thinking!'])
    stop.abort()
    expect(await spinning).toBe(3)
    expect((await screenAfter(terminal.written())).rows).toEqual([''])
  })

  test('that is stopped before it starts draws nothing', async () => {
    const terminal = testTerminal()
    expect(await spin(terminal.output, 'thinking!', AbortSignal.abort())).toBe(0)
    expect(terminal.written()).toBe('')
  })
})

test('the spinner is erased when the process is suspended, and turns again when it continues', async () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  onTestFinished(() => kill.mockRestore())
  const stop = new AbortController()
  const terminal = testTerminal()
  const spinning = spin(terminal.output, 'thinking!', stop.signal)
  process.emit('SIGTSTP', 'SIGTSTP')
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGTSTP']])
  expect((await screenAfter(`${terminal.written()}^Z`)).rows).toEqual(['^Z'])
  process.emit('SIGCONT', 'SIGCONT')
  await terminal.next()
  expect((await screenAfter(terminal.written())).rows).toEqual(['/ thinking!'])
  stop.abort()
  await spinning
  expect(process.listenerCount('SIGTSTP')).toBe(0)
})

describe('a spinner while something is pending', () => {
  test('turns until that is settled, and gives its value', async () => {
    const terminal = testTerminal()
    let finish = (_value: string) => {}
    const pending = new Promise<string>((resolve) => {
      finish = resolve
    })
    const waiting = spinWhile(pending, 'asking', terminal.output)
    await terminal.next()
    expect((await screenAfter(terminal.written())).rows).toEqual(['| asking'])
    finish('answer')
    expect(await waiting).toBe('answer')
    expect((await screenAfter(terminal.written())).rows).toEqual([''])
  })

  test('erases itself even if that fails', async () => {
    const terminal = testTerminal()
    let fail = (_reason: Error) => {}
    const pending = new Promise<never>((_resolve, reject) => {
      fail = reject
    })
    const waiting = spinWhile(pending, 'asking', terminal.output)
    await terminal.next()
    fail(new Error('no'))
    await expect(waiting).rejects.toThrow('no')
    expect((await screenAfter(terminal.written())).rows).toEqual([''])
  })

  test('is not shown if that is settled at once', async () => {
    const terminal = testTerminal()
    expect(await spinWhile(Promise.resolve(1), 'asking', terminal.output)).toBe(1)
    expect(terminal.written()).toBe('')
  })
})

const attempt = (code: string, number = 1) => ({
  code,
  url: `http://h/${code}`,
  attempt: number,
  maxAttempts: 4,
})
const endOf = (code: string, number = 1) => ({ ...attempt(code, number), durationMs: 5 })

/** What the run is waiting for, in a wide and in a narrow terminal. */
const waits = (activity: Activity, now: number) => {
  const wait = activity.waitingFor(now)
  return wait && [wait.text, wait.short]
}

test('a run is waiting for its open requests once a second has passed without a result', () => {
  const activity = createActivity(1000)
  expect(waits(activity, 9000)).toBeUndefined()
  activity.attemptStarted(attempt('BR'))
  expect(waits(activity, 1999)).toBeUndefined()
  expect(waits(activity, 2000)).toEqual(['waiting for 1 response', 'waiting for 1'])
  activity.attemptStarted(attempt('CN'))
  expect(waits(activity, 2000)).toEqual(['waiting for 2 responses', 'waiting for 2'])
  activity.attemptEnded(endOf('CN'))
  activity.flagEnded(2000)
  expect(waits(activity, 2999)).toBeUndefined()
  expect(waits(activity, 3000)).toEqual(['waiting for 1 response', 'waiting for 1'])
})

test('the retries are counted, with the highest attempt, until the last attempt ends', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...endOf('BR'), retryInMs: 100 })
  const one = ['retrying 1 (attempt 2 of 4)', 'retrying 1 (2 of 4)']
  expect(waits(activity, 0)).toEqual(one)
  activity.attemptStarted(attempt('BR', 2))
  activity.attemptStarted(attempt('CN', 3))
  activity.attemptStarted(attempt('IN', 2))
  expect(waits(activity, 0)).toEqual(['retrying 3 (attempt 3 of 4)', 'retrying 3 (3 of 4)'])
  activity.attemptEnded(endOf('CN', 3))
  activity.attemptEnded(endOf('IN', 2))
  expect(waits(activity, 0)).toEqual(one)
  activity.attemptEnded(endOf('BR', 2))
  expect(waits(activity, 0)).toBeUndefined()
})

test('the longest host pause counts down and takes precedence over retries', () => {
  const activity = createActivity(0)
  activity.attemptEnded({ ...endOf('BR'), retryInMs: 100 })
  activity.hostPaused({ host: 'h', ms: 3000 }, 1000)
  activity.hostPaused({ host: 'short', ms: 2000 }, 1500)
  expect(waits(activity, 1000)).toEqual(['waiting 3 s before more requests to h', 'waiting 3 s'])
  expect(waits(activity, 2500)).toEqual(['waiting 2 s before more requests to h', 'waiting 2 s'])
  activity.hostPaused({ host: 'long', ms: 3000 }, 1500)
  expect(waits(activity, 3500)).toEqual(['waiting 1 s before more requests to long', 'waiting 1 s'])
  expect(waits(activity, 4500)?.[0]).toBe('retrying 1 (attempt 2 of 4)')
})
