import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { emptyTally } from '../../src/download/result.js'
import { createOutput } from '../../src/report/output.js'
import { barLine, startProgressBar } from '../../src/report/progress-bar.js'
import type { Wait } from '../../src/report/waiting.js'
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
const half = '█'.repeat(10) + '░'.repeat(11)
const retrying = { text: 'retrying 5 (attempt 2 of 4)', short: 'retrying 5 (2 of 4)' }

describe("the bar's line", () => {
  test.each([
    [{}, `${half} 2/4   50%  0:04   0.5/s  0:04 left  1 saved, 1 failed`],
    [
      { isAscii: true },
      `${'#'.repeat(10)}${'-'.repeat(11)} 2/4   50%  0:04   0.5/s  0:04 left  1 saved, 1 failed`,
    ],
    [
      { waitingFor: retrying, columns: 120 },
      `${'█'.repeat(12)}${'░'.repeat(12)} 2/4   50%  0:04   0.5/s  0:04 left  1 saved, 1 failed  retrying 5 (attempt 2 of 4)`,
    ],
    [{ columns: 80 }, `███████░░░░░░░ 2/4   50%  0:04   0.5/s  0:04 left  1 saved, 1 failed`],
    [
      { waitingFor: retrying, columns: 80 },
      `███████░░░░░░░ 2/4  0:04   0.5/s  1 saved, 1 failed  retrying 5 (2 of 4)`,
    ],
    [{ columns: 60 }, '████░░░░░ 2/4   50%  0:04   0.5/s  1 saved, 1 failed'],
    [{ columns: 40 }, '2/4  0:04   0.5/s  1 saved, 1 failed'],
    [{ columns: 40, waitingFor: retrying }, '2/4  0:04  retrying 5 (2 of 4)'],
    [
      { columns: 40, total: 249, elapsedMs: 600_000, waitingFor: retrying },
      '  2/249  10:00  retrying 5 (2 of 4)',
    ],
    [{ columns: 30 }, '2/4  0:04  1 saved, 1 failed'],
    [{ columns: 20 }, '2/4  0:04'],
    [{ columns: 8 }, '2/4'],
    [{ columns: 4 }, '2/4'],
    [{ columns: 3 }, ''],
    [{ tally: emptyTally, elapsedMs: 999 }, `${'░'.repeat(21)} 0/4    0%  0:00`],
    [{ total: 2 }, `${'█'.repeat(21)} 2/2  100%  0:04   0.5/s  1 saved, 1 failed`],
    [{ tally: emptyTally, total: 0, elapsedMs: 0 }, `${'█'.repeat(21)} 0/0  100%  0:00`],
    [
      { total: 3, elapsedMs: 0 },
      `${'█'.repeat(14)}${'░'.repeat(7)} 2/3   66%  0:00  2000.0/s  0:01 left  1 saved, 1 failed`,
    ],
    [
      { total: 2, elapsedMs: 754_000 },
      `${'█'.repeat(21)} 2/2  100%  12:34   0.0/s  1 saved, 1 failed`,
    ],
    [
      { total: 2, elapsedMs: 3_723_000 },
      `${'█'.repeat(21)} 2/2  100%  1:02:03   0.0/s  1 saved, 1 failed`,
    ],
  ])('with %j is %j', (parts, line) => {
    expect(barLine({ ...state, ...parts })).toBe(line)
  })

  const counts = fc.record({
    saved: fc.nat(999),
    unchanged: fc.nat(9),
    notFound: fc.nat(9),
    failed: fc.nat(9),
    bytes: fc.nat(),
  })
  const wait = fc.record({
    text: fc.string({ maxLength: 99 }),
    short: fc.string({ maxLength: 20 }),
  })
  const anyState = fc.record({
    tally: counts,
    total: fc.integer({ min: 1030, max: 9999 }),
    elapsedMs: fc.nat(99_999_999),
    waitingFor: fc.option(wait, { nil: undefined }),
    columns: fc.integer({ min: 11, max: 200 }),
    isAscii: fc.constant(false),
  })
  const startOf = (line: string) => /^([█░]* ?) *(\d+)\/(\d+)/.exec(line)

  test('leaves the last column free at every width', () => {
    fc.assert(
      fc.property(anyState, (bar) => {
        expect(barLine(bar).length).toBeLessThan(bar.columns)
      }),
    )
  })

  test('has a bar and a count of the same width, whatever else it shows', () => {
    fc.assert(
      fc.property(anyState, (bar) => {
        const [before = ''] =
          startOf(barLine({ ...bar, tally: emptyTally, waitingFor: undefined })) ?? []
        const [after = ''] = startOf(barLine(bar)) ?? []
        expect(before).not.toBe('')
        expect(after).toHaveLength(before.length)
      }),
    )
  })
})

describe('the bar on a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    // Fake timers leave this clock out.
    vi.spyOn(process, 'uptime').mockImplementation(() => performance.now() / 1000)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const start = (waitingFor: () => Wait | undefined = () => undefined) => {
    const { stream, text } = testStream(size)
    const output = createOutput(stream, {}, new AbortController().signal)
    const bar = startProgressBar({ total: 4, waitingFor }, output)
    const screen = async () => {
      const shown = screenAfter(text(), size)
      // The terminal works on a timer, too.
      await vi.advanceTimersByTimeAsync(0)
      return (await shown).rows
    }
    onTestFinished(() => bar.stop())
    return { bar, stream, text, screen }
  }

  test('is drawn at once, follows the tally within 100 ms, and stays below the logged lines', async () => {
    const { bar, screen } = start()
    expect(await screen()).toEqual([`${'░'.repeat(14)} 0/4    0%  0:00`])
    bar.update(tally)
    bar.log('IN failed')
    bar.log('XX failed')
    vi.advanceTimersByTime(100)
    const rows = await screen()
    expect(rows.slice(0, 2)).toEqual(['IN failed', 'XX failed'])
    expect(rows[2]).toMatch(/ 2\/4 {3}50% .*1 saved, 1 failed$/)
    expect(rows).toHaveLength(3)
  })

  test('moves while nothing happens, and says what the run is waiting for', async () => {
    let reason = 'waiting for 2 responses'
    const { screen } = start(() => ({ text: reason, short: '' }))
    vi.advanceTimersByTime(1000)
    expect(await screen()).toEqual([`${'░'.repeat(14)} 0/4    0%  0:01  waiting for 2 responses`])
    reason = 'stopping'
    vi.advanceTimersByTime(1000)
    expect(await screen()).toEqual([`${'░'.repeat(14)} 0/4    0%  0:02  stopping`])
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

  test('leaves the logged lines, an empty line, the cursor and no listener when it stops', async () => {
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

  test('is erased, and shows the cursor, if the process ends meanwhile', () => {
    const before = process.listeners('exit')
    const { text } = start()
    for (const listener of process.listeners('exit')) {
      if (!before.includes(listener)) listener(130)
    }
    expect(text()).toMatch(/\r\u001b\[J\u001b\[\?25h$/)
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
    expect(await screen()).toEqual([`${'░'.repeat(14)} 0/4    0%  0:00`])
    expect(text().lastIndexOf('\u001b[?25l')).toBeGreaterThan(text().lastIndexOf('\u001b[?25h'))
  })

  test.each(['below other lines', 'at the top'])(
    'leaves no pieces, %s, when the terminal gets narrower and wraps it',
    async (place) => {
      const { stream, text, bar } = start()
      if (place === 'below other lines') bar.log('IN failed')
      vi.advanceTimersByTime(100)
      const before = text()
      // A terminal that wraps the line again moves the cursor with its start; xterm.js cuts the line.
      expect(before).toMatch(/\r$/)
      Object.assign(stream, { columns: 20 })
      stream.emit('resize')
      const resized = { size: { columns: 20, rows: 10 }, sent: text().slice(before.length) }
      const shown = screenAfter(before, size, resized)
      for (let turn = 0; turn < 3; turn++) await vi.advanceTimersByTimeAsync(1)
      const rows = place === 'below other lines' ? ['IN failed'] : []
      expect((await shown).rows).toEqual([...rows, '0/4    0%  0:00'])
    },
  )
})
