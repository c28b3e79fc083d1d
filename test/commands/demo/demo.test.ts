import { describe, expect, test } from 'vitest'
import { runFlags } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { hasTerminal, screenAfter, startInTerminal } from '../../helpers/terminal.js'

const ctrlC = '\u0003'

describe('flags demo spinner', () => {
  test.each([
    [[]],
    [['--worker']],
    [['--block']],
    [['--worker', '--block']],
    [['--executor']],
    [['--executor', '--block']],
  ])('%j in a pipe answers, and writes nothing else', async (args) => {
    expect(await runFlags(['demo', 'spinner', '--seconds', '0.05', ...args])).toMatchObject({
      stdout: 'Answer: 42\n',
      stderr: '',
      exitCode: 0,
    })
  })

  test.each([
    [['demo']],
    [['demo', 'nothing']],
    [['demo', 'spinner', '--seconds', '61']],
    [['demo', 'spinner', '--seconds', '-1']],
  ])('%j is a usage error', async (args) => {
    const { stdout, stderr, exitCode } = await runMain(args)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^error: /)
  })
})

describe.runIf(hasTerminal)('flags demo spinner in a terminal', () => {
  const secondsLong = 0.8
  const ideal = 8

  /** A blocking call stops every task on its event loop, and no other thread. */
  test.each([
    ['turns while the job awaits', [], ideal / 3],
    ['turns on a worker', ['--worker'], ideal / 3],
    ['stands still while the job blocks its thread', ['--block'], undefined],
    ['turns on a worker while the job blocks', ['--worker', '--block'], ideal / 3],
    ['turns again when the job is on a worker', ['--executor'], ideal / 3],
    ['turns again when the blocking job is on a worker', ['--executor', '--block'], ideal / 3],
  ])('the spinner %s', async (_what, args, min) => {
    const { ended } = startInTerminal(['demo', 'spinner', '--seconds', `${secondsLong}`, ...args])
    const { sent, exitCode } = await ended
    expect(exitCode).toBe(0)
    const reported = Number(/(\d+) frames? drawn/.exec(sent)?.[1])
    expect(sent.match(/[|/\\-] thinking!/g)).toHaveLength(reported)
    if (min === undefined) expect(reported).toBe(1)
    else expect(reported).toBeGreaterThan(min)
    const count = reported === 1 ? '1 frame' : `${reported} frames`
    expect((await screenAfter(sent)).rows).toEqual(['Answer: 42', `${count} drawn`, ''])
  })

  test.each([
    [[], ctrlC],
    [['--worker'], ctrlC],
    [['--worker'], ctrlC + ctrlC],
    [['--executor'], ctrlC],
    // A blocked thread hears it when the job is over.
    [['--block', '--seconds', '0.5'], ctrlC],
    [['--block', '--seconds', '0.5'], ctrlC + ctrlC],
    [['--worker', '--block', '--seconds', '0.5'], ctrlC],
    [['--worker', '--block', '--seconds', '0.5'], ctrlC + ctrlC],
  ])('%j: Ctrl-C (%j) erases the spinner and ends with 130', async (args, keys) => {
    const terminal = startInTerminal(['demo', 'spinner', '--seconds', '60', ...args])
    await terminal.shown('thinking!')
    terminal.type(keys)
    const { sent, exitCode } = await terminal.ended
    expect(exitCode).toBe(130)
    const { rows } = await screenAfter(sent)
    if (keys === ctrlC) expect(rows).toEqual(['Interrupted.', ''])
    // The second one ends the process at once, unless both arrive as one.
    else expect(rows.filter((row) => row !== 'Interrupted.')).toEqual([''])
  })
})
