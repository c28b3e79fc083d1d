import { describe, expect, test } from 'vitest'
import { answering, flagServer } from '../../helpers/flag-server.js'
import { runMain } from '../../helpers/run-main.js'
import { tempFolder } from '../../helpers/temp-folder.js'

describe('flags download in a terminal', () => {
  /** What a run prints to stderr in which BR fails and CN is saved. */
  async function sentBy(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
    const { url } = await flagServer(answering({ BR: 418 }))
    const options = { cwd: await tempFolder(), env, terminal: { columns: 200, rows: 24 } }
    const { stderr } = await runMain(['download', 'BR', 'CN', '-s', url, ...args], options)
    expect(stderr).toMatch(/1 flag saved, 1 failed/)
    return stderr
  }

  test.each([
    [{ TERM: 'xterm' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'xterm', CI: 'true' }, false],
  ])('with %j draws a bar: %s', async (env, draws) => {
    const sent = await sentBy(env, '--no-color')
    expect(/[█░] \d\/2 /.test(sent)).toBe(draws)
    expect(sent.includes('\u001b')).toBe(draws)
  })

  test.each([
    [{ TERM: 'xterm' }, [], true],
    [{ NO_COLOR: '1' }, [], false],
    [{ TERM: 'dumb' }, [], false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, [], true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    [{ FORCE_COLOR: '1' }, ['--no-color'], false],
    [{ NO_COLOR: '1' }, ['--color', 'always'], true],
  ])('with %j and %j has color: %s', async (env, args, expected) => {
    expect((await sentBy(env, ...args)).includes('\u001b[31mfailed')).toBe(expected)
  })
})
