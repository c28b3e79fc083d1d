import { describe, expect, test } from 'vitest'
import { conclusion, tableHeader, tableRow } from '../../../src/commands/bench/output.js'
import { figuresOf } from '../../../src/commands/bench/statistics.js'
import type { Concurrency } from '../../../src/download/settings.js'

const lowest = { concurrency: 1, flags: 100, elapsedMs: [10_400] }
const figures = (concurrency: Concurrency, elapsedMs: number, delayMs?: number) =>
  figuresOf({ concurrency, flags: 100, elapsedMs: [elapsedMs] }, lowest, delayMs)

describe('the table of a bench', () => {
  test('has a bar for the time of each level if there is room', () => {
    expect([
      tableHeader(true),
      tableRow(figures(1, 10_400, 100), 100),
      tableRow(figures(5, 2080, 100), 100),
      tableRow(figures(100, 130, 100), 100),
    ]).toEqual([
      'level    median       min   flags/s  speed-up  of ideal',
      `    1    10.40s    10.40s       9.6      1.0x       96%  ${'█'.repeat(30)}`,
      `    5     2.08s     2.08s      48.1      5.0x       96%  ${'█'.repeat(6)}`,
      `  100     0.13s     0.13s     769.2     80.0x       77%  █`,
    ])
  })

  test('marks a level that is slower than the lowest with an arrow', () => {
    const bar = `${'█'.repeat(29)}►`
    expect(tableRow(figures(20, 99_000), 100)).toBe(
      `   20    99.00s    99.00s       1.0      0.1x  ${bar}`,
    )
  })

  test('has ASCII bars in a terminal without UTF-8', () => {
    const rows = [tableRow(figures(1, 10_400), 100, true), tableRow(figures(20, 99_000), 100, true)]
    expect(rows.map((row) => row.split('x  ')[1])).toEqual(['#'.repeat(30), `${'#'.repeat(29)}>`])
  })

  test('has no column for an unknown ideal, and no bar unless requested', () => {
    expect(tableHeader(false)).toBe('level    median       min   flags/s  speed-up')
    expect(tableRow(figures(5, 2080), 0)).toBe('    5     2.08s     2.08s      48.1      5.0x')
  })

  test.each([56, 60, 80, 200])('never wraps in %d columns, however slow a level is', (columns) => {
    for (const row of [
      tableRow(figures(1, 10_400, 100), columns),
      tableRow(figures(5, 99_000, 100), columns),
    ]) {
      expect(row.length).toBeLessThan(columns)
    }
  })
})

describe('the conclusion of a bench', () => {
  test('names the recommended level', () => {
    expect(conclusion([figures(1, 9000), figures(5, 2000), figures(100, 1900)])).toBe(
      'Use --concurrency 5 against this server (50.0 flags/s): it is the lowest level within 10% of the best',
    )
  })

  test('does not call auto a level, and compares nothing after a single level', () => {
    expect(conclusion([figures(5, 2000), figures('auto', 1000)])).toBe(
      'Use --concurrency auto against this server (100.0 flags/s): it is within 10% of the best',
    )
    expect(conclusion([figures(100, 2000)])).toBe(
      'Use --concurrency 100 against this server (50.0 flags/s)',
    )
    expect(conclusion([])).toBeUndefined()
  })

  test('says that a higher level may be faster only if there is one', () => {
    const levels = [figures(1, 9000), figures(20, 500)]
    expect(conclusion(levels)).toMatch(/of the best; a higher one may be faster still$/)
    expect(conclusion([...levels, figures(100, 130)])).toMatch(/of the best$/)
  })
})
