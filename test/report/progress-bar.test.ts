import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { emptyTally } from '../../src/download/result.js'
import { createOutput } from '../../src/report/output.js'
import { barLine, startProgressBar } from '../../src/report/progress-bar.js'
import { testStream } from '../helpers/run-main.js'
import { screenAfter } from '../helpers/terminal.js'

const size = { columns: 80, rows: 10 }
const tally = { ...emptyTally, saved: 1, failed: 1 }
const state = {
  tally,
  total: 4,
  elapsedMs: 4000,
  waitingFor: undefined,
  columns: 110,
  isAscii: false,
} as const
const half = '█'.repeat(15) + '░'.repeat(15)

describe("the bar's line", () => {
  test.each([
    [{}, `${half} 2/4  50%  0:04  0.5/s  4s left  1 saved, 1 failed`],
    [{ isAscii: true, columns: 61 }, '####---- 2/4  50%  0:04  0.5/s  4s left  1 saved, 1 failed'],
    [
      { waitingFor: 'stopping' },
      `${half} 2/4  50%  0:04  0.5/s  4s left  1 saved, 1 failed  stopping`,
    ],
    [{ columns: 53 }, '2/4  50%  0:04  0.5/s  4s left  1 saved, 1 failed'],
    [{ columns: 51 }, '2/4  50%  0:04  0.5/s  1 saved, 1 failed'],
    [{ columns: 42 }, '2/4  0:04  0.5/s  1 saved, 1 failed'],
    [{ columns: 37 }, '2/4  0:04  1 saved, 1 failed'],
    [{ columns: 20 }, '2/4  0:04'],
    [{ columns: 20, waitingFor: 'waiting' }, '2/4  waiting'],
    [{ columns: 8 }, '2/4'],
    [{ columns: 6 }, '2/4'],
    [{ columns: 5 }, ''],
    [{ tally: emptyTally, elapsedMs: 999 }, `${'░'.repeat(30)} 0/4  0%  0:00`],
    [{ total: 2 }, `${'█'.repeat(30)} 2/2  100%  0:04  0.5/s  1 saved, 1 failed`],
    [{ tally: emptyTally, total: 0, elapsedMs: 0 }, `${'█'.repeat(30)} 0/0  100%  0:00`],
    [
      { total: 3, elapsedMs: 0 },
      `${'█'.repeat(20)}${'░'.repeat(10)} 2/3  66%  0:00  2000.0/s  1s left  1 saved, 1 failed`,
    ],
    [
      { total: 2, elapsedMs: 754_000 },
      `${'█'.repeat(30)} 2/2  100%  12:34  0.0/s  1 saved, 1 failed`,
    ],
    [
      { total: 2, elapsedMs: 3_723_000 },
      `${'█'.repeat(30)} 2/2  100%  1:02:03  0.0/s  1 saved, 1 failed`,
    ],
  ])('with %j is %j', (parts, line) => {
    expect(barLine({ ...state, ...parts })).toBe(line)
  })

  test('leaves three columns free at every width, and fills at most 30 with the bar', () => {
    const counts = fc.record({
      saved: fc.nat(999),
      unchanged: fc.nat(9),
      notFound: fc.nat(9),
      failed: fc.nat(9),
      bytes: fc.nat(),
    })
    const any = fc.record({
      tally: counts,
      total: fc.integer({ min: 1030, max: 9999 }),
      elapsedMs: fc.nat(99_999_999),
      waitingFor: fc.option(fc.string({ maxLength: 99 }), { nil: undefined }),
      columns: fc.integer({ min: 10, max: 200 }),
      isAscii: fc.boolean(),
    })
    fc.assert(
      fc.property(any, (bar) => {
        const line = barLine(bar)
        expect(line.length).toBeLessThanOrEqual(bar.columns - 3)
        const [drawn = ''] = /^[█░]*/.exec(barLine({ ...bar, isAscii: false })) ?? []
        expect(drawn.length === 0 || (drawn.length >= 8 && drawn.length <= 30)).toBe(true)
      }),
    )
  })
})

describe('the bar on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const start = (waitingFor: () => string | undefined = () => undefined) => {
    const { stream, text } = testStream(size)
    const output = createOutput(stream, {}, new AbortController().signal)
    const bar = startProgressBar({ total: 4, isAscii: false, waitingFor }, output)
    const screen = async () => {
      const shown = screenAfter(text(), { cols: size.columns, rows: size.rows })
      // The terminal works on a timer, too.
      await vi.advanceTimersByTimeAsync(0)
      return (await shown).rows
    }
    onTestFinished(() => bar.stop())
    return { bar, stream, text, screen }
  }

  test('is drawn at once, follows the tally within 100 ms, and stands below the lines logged', async () => {
    const { bar, screen } = start()
    expect(await screen()).toEqual([`${'░'.repeat(30)} 0/4  0%  0:00`])
    bar.update(tally)
    bar.log('IN failed')
    bar.log('XX failed')
    vi.advanceTimersByTime(100)
    const rows = await screen()
    expect(rows.slice(0, 2)).toEqual(['IN failed', 'XX failed'])
    expect(rows[2]).toMatch(/ 2\/4 {2}50% .*1 saved, 1 failed$/)
    expect(rows).toHaveLength(3)
  })

  test('moves while nothing happens, and says what the run is waiting for', async () => {
    let reason = 'waiting for 2 answers'
    const { screen } = start(() => reason)
    vi.advanceTimersByTime(1000)
    expect(await screen()).toEqual([`${'░'.repeat(30)} 0/4  0%  0:01  waiting for 2 answers`])
    reason = 'stopping'
    vi.advanceTimersByTime(1000)
    expect(await screen()).toEqual([`${'░'.repeat(30)} 0/4  0%  0:02  stopping`])
  })

  test('is drawn at most ten times a second, however often the tally changes', () => {
    const { bar, text } = start()
    const frames = () => text().split('0/4').length + text().split('2/4').length - 2
    const before = frames()
    expect(before).toBeGreaterThan(0)
    for (let turn = 0; turn < 1000; turn++) {
      bar.update(tally)
      vi.advanceTimersByTime(1)
    }
    expect(frames() - before).toBeGreaterThanOrEqual(9)
    expect(frames() - before).toBeLessThanOrEqual(10)
  })

  test('that stops leaves the lines logged, an empty line and the cursor, and no listener', async () => {
    const events = ['exit', 'SIGTSTP', 'SIGCONT']
    const counts = () => events.map((event) => process.listenerCount(event))
    const before = counts()
    const { bar, stream, screen, text } = start()
    expect(counts()).toEqual(before.map((count) => count + 1))
    bar.log('IN failed')
    bar.stop()
    expect(await screen()).toEqual(['IN failed', ''])
    expect(text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(text().lastIndexOf('\u001b[?25l'))
    expect(counts()).toEqual(before)
    expect(stream.listenerCount('resize')).toBe(0)
  })

  test('shows the cursor where the process ends meanwhile', () => {
    const before = process.listeners('exit')
    const { text } = start()
    for (const listener of process.listeners('exit')) {
      if (!before.includes(listener)) listener(130)
    }
    expect(text()).toMatch(/\u001b\[\?25h\n$/)
  })

  test('is erased when the process is suspended, and drawn again when it continues', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    onTestFinished(() => kill.mockRestore())
    const { screen, text } = start()
    process.emit('SIGTSTP', 'SIGTSTP')
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGTSTP']])
    expect(process.listenerCount('SIGTSTP')).toBe(0)
    expect(await screen()).toEqual([''])
    expect(text()).toMatch(/\u001b\[\?25h$/)
    process.emit('SIGCONT', 'SIGCONT')
    expect(process.listenerCount('SIGTSTP')).toBe(1)
    expect(await screen()).toEqual([`${'░'.repeat(30)} 0/4  0%  0:00`])
    expect(text().lastIndexOf('\u001b[?25l')).toBeGreaterThan(text().lastIndexOf('\u001b[?25h'))
  })

  test('takes the rows that it was wrapped to with it when the terminal gets narrower', () => {
    const { stream, text } = start()
    const before = text().length
    Object.assign(stream, { columns: 20 })
    stream.emit('resize')
    // 43 characters on 20 columns: two rows stand above the cursor.
    expect(text().slice(before)).toMatch(/^\r\u001b\[2A\u001b\[J/)
    Object.assign(stream, { columns: 80 })
    const wider = text().length
    stream.emit('resize')
    expect(text().slice(wider)).toMatch(/^\r\u001b\[J/)
  })
})
