import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { Interrupt, interruptSignals, RunError, UsageError } from '../src/errors.js'
import { exitCode, exitCodeFor, exitMeanings, signalExitCodes } from '../src/exit-codes.js'

test('the exit statuses are 0 to 3, each with a meaning', () => {
  expect(exitCode).toEqual({ ok: 0, flagsMissing: 1, usage: 2, cannotRun: 3 })
  const codes = [...Object.values(exitCode), ...Object.values(signalExitCodes)]
  const explained = exitMeanings.flatMap(([status]) => status.split(', ').map(Number))
  expect(explained).toEqual(codes)
})

test.each(interruptSignals)(
  '%s has the status that a shell reports: 128 and its number',
  (name) => {
    expect(signalExitCodes[name]).toBe(128 + constants.signals[name])
    expect(exitCodeFor(new Interrupt(name))).toBe(signalExitCodes[name])
  },
)

test('a usage error is 2, a run that cannot continue is 3, and so is a bug', () => {
  const errors = [new UsageError('x'), new RunError('x'), new TypeError('x'), 'x']
  expect(errors.map(exitCodeFor)).toEqual([2, 3, 3, 3])
})
