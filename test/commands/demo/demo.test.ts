import { describe, expect, test } from 'vitest'
import { runFlags } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { hasTerminal, screenAfter, startInTerminal } from '../../helpers/terminal.js'

const ctrlC = '\u0003'
const spinner = ['demo', 'spinner']

describe('flags demo spinner', () => {
  const answers = { stdout: 'Answer: 42\n', stderr: '', exitCode: 0 }
  const brief = ['demo', 'spinner', '--seconds', '0.05']

  test.each([
    [[], runMain],
    [['--block'], runMain],
    // Worker threads start from files of the built program.
    [['--worker'], runFlags],
    [['--worker', '--block'], runFlags],
    [['--executor'], runFlags],
    [['--executor', '--block'], runFlags],
  ])('prints only the answer to a pipe with %j', async (args, run) => {
    expect(await run([...brief, ...args])).toMatchObject(answers)
  })
})

describe.runIf(hasTerminal)('flags demo spinner in a terminal', () => {
  /** A blocking call stops every task on its event loop, and no other thread. */
  test('turns the spinner, except while the job blocks its thread', async () => {
    const cases: [args: string[], doesTurn: boolean][] = [
      [[], true],
      [['--worker'], true],
      [['--block'], false],
      [['--worker', '--block'], true],
      [['--executor'], true],
      [['--executor', '--block'], true],
    ]
    const turns = cases.map(async ([args]) => {
      const { sent, exitCode } = await startInTerminal([...spinner, '--seconds', '2', ...args])
        .ended
      const reported = Number(/(\d+) frames? drawn/.exec(sent)?.[1])
      expect(sent.match(/[|/\\-] thinking!/g)).toHaveLength(reported)
      const count = reported === 1 ? '1 frame' : `${reported} frames`
      expect((await screenAfter(sent)).rows).toEqual(['Answer: 42', `${count} drawn`, ''])
      return { args, doesTurn: reported > 1, exitCode }
    })
    expect(await Promise.all(turns)).toEqual(
      cases.map(([args, doesTurn]) => ({ args, doesTurn, exitCode: 0 })),
    )
  })

  test('erases the spinner and ends with 130 at Ctrl-C, once or twice', async () => {
    const cases: [args: string[], keys: string][] = [
      [[], ctrlC],
      [['--worker'], ctrlC],
      [['--worker'], ctrlC + ctrlC],
      [['--executor'], ctrlC],
      // A blocked thread handles it when the job is over.
      [['--block', '--seconds', '2'], ctrlC],
      [['--block', '--seconds', '2'], ctrlC + ctrlC],
      [['--worker', '--block', '--seconds', '2'], ctrlC],
      [['--worker', '--block', '--seconds', '2'], ctrlC + ctrlC],
    ]
    const runs = cases.map(async ([args, keys]) => {
      const terminal = startInTerminal([...spinner, '--seconds', '60', ...args])
      await terminal.shown('thinking!')
      terminal.type(keys)
      const { sent, exitCode } = await terminal.ended
      const { rows } = await screenAfter(sent)
      expect({ args, keys, exitCode }).toEqual({ args, keys, exitCode: 130 })
      if (keys === ctrlC) expect(rows).toEqual(['Interrupted.', ''])
      // The second one ends the process at once, unless both arrive as one.
      else expect(rows.filter((row) => row !== 'Interrupted.')).toEqual([''])
    })
    await Promise.all(runs)
  })
})
