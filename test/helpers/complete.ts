import { execFile, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

/** Asks a real shell, with a completion script in it, for all completions of the end of a line. */
export type Complete = (script: string, line: string, cwd: string) => Promise<Completions>

export interface Completions {
  /** The words offered, as the user means them: without quotes and the slash after a folder. */
  readonly words: readonly string[]
  /** What the user gets to see, descriptions and all. */
  readonly screen: string
}

const setups = resolve('test/helpers/shells')

/** The shells that run here; PowerShell is in no Debian package. */
export const completeIn = {
  async bash(script: string, line: string, cwd: string) {
    const command = `bash --rcfile '${join(setups, 'bashrc')}' -i`
    // What ^A puts in loses an open quote; a tab keeps it, and is enough where there is one match.
    const put = line.includes('"') ? '\t' : '\x01'
    return typeInto(command, `${line}${put}\x02`, { COMPLETION_SCRIPT: script }, cwd)
  },

  async zsh(script: string, line: string, cwd: string) {
    // ^D lists what there is, with descriptions.
    const keys = `${line}\x04\x01\x02`
    return typeInto('zsh -i', keys, { COMPLETION_SCRIPT: script, ZDOTDIR: setups }, cwd)
  },

  async fish(script: string, line: string, cwd: string) {
    const command = 'source $argv[1]; complete -C $argv[2]'
    const env = { ...process.env, HOME: cwd, XDG_CONFIG_HOME: join(cwd, '.config') }
    const args = ['--no-config', '-c', command, script, line]
    const { stdout } = await promisify(execFile)('fish', args, { cwd, env })
    const offered = stdout.split('\n').filter(Boolean)
    return { words: offered.map((entry) => meant(entry.replace(/\t.*/, ''))), screen: stdout }
  },
} satisfies Record<string, Complete>

/**
 * Types into a shell on a pseudo-terminal, whose setup makes it put all completions in and show the
 * line; without them, the line is what was typed.
 */
async function typeInto(
  shell: string,
  keys: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Completions> {
  const child = spawn('script', ['-qfec', shell, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'vt100', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  for await (const text of child.stdout.setEncoding('utf8')) {
    const isReady = screen.includes('READY')
    screen += text
    if (!isReady && screen.includes('READY')) child.stdin.write(keys)
  }
  const typed = keys.replace(/[\x01-\x1f]+$/, '')
  const ended = /<<<(.*)>>>/s.exec(screen)?.[1] ?? 'the line was not shown'
  const start = lastWordOf(typed).index
  const words = ended === typed ? [] : (ended.slice(start).match(shellWord) ?? [])
  return { words: words.map(meant), screen }
}

/** Up to the next blank that is neither within quotes nor after a backslash. */
const shellWord = /(?:\\.|"[^"]*"?|[^\\\s"])+/g

function lastWordOf(line: string): { index: number } {
  const last = [...line.matchAll(shellWord)].at(-1)
  return last && last.index + last[0].length === line.length ? last : { index: line.length }
}

/** An offered word without what the shell needs around it. */
function meant(word: string): string {
  return word
    .replace(/\\(.)|"/g, '$1')
    .replace(/^--[a-z]+=(.)/, '$1')
    .replace(/[/=]$/, '')
}
