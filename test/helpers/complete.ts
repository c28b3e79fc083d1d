import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

/** A real shell with a completion script in it. */
export interface CompletingShell {
  /**
   * Asks for all completions of the end of a line, one line at a time: the words offered, without quotes and
   * the slash after a folder, and what the user sees, with descriptions.
   */
  complete(line: string): Promise<{ words: readonly string[]; screen: string }>
  end(): void
}

const setups = resolve('test/helpers/shells')

/** Starts a shell in a folder. No Debian package has PowerShell. */
export const startShell = {
  bash(script: string, cwd: string): CompletingShell {
    const command = `bash --rcfile '${setups}/bashrc' -i`
    // What ^A inserts loses an open quote; a tab keeps it, and is enough if there is one match.
    const keys = (line: string) => `${line}${line.includes('"') ? '\t' : '\x01'}\x02`
    return interactiveShell(command, keys, { COMPLETION_SCRIPT: script }, cwd)
  },

  zsh(script: string, cwd: string): CompletingShell {
    // ^D lists what there is, with descriptions.
    const keys = (line: string) => `${line}\x04\x01\x02`
    return interactiveShell('zsh -i', keys, { COMPLETION_SCRIPT: script, ZDOTDIR: setups }, cwd)
  },

  fish(script: string, cwd: string): CompletingShell {
    const loop = "source $argv[1]; while read --line line; complete -C $line; echo '<<<>>>'; end"
    const env = { ...process.env, HOME: cwd, XDG_CONFIG_HOME: resolve(cwd, '.config') }
    const child = spawn('fish', ['--no-config', '-c', loop, script], { cwd, env })
    const output = outputOf(child)
    return {
      async complete(line) {
        child.stdin.write(`${line}\n`)
        const screen = (await output.until('<<<>>>')).replace('<<<>>>', '')
        const offered = screen.split('\n').filter(Boolean)
        return { words: offered.map((entry) => meant(entry.replace(/\t.*/, ''))), screen }
      },
      end: () => void child.kill('SIGKILL'),
    }
  },
}

/**
 * Types into a shell on a pseudo-terminal, whose setup makes it put all completions in and show the
 * line; without them, the line is what was typed.
 */
function interactiveShell(
  shell: string,
  keys: (line: string) => string,
  setup: NodeJS.ProcessEnv,
  cwd: string,
): CompletingShell {
  const env = { ...process.env, TERM: 'vt100', ...setup }
  const child = spawn('script', ['-qfec', shell, '/dev/null'], { cwd, env })
  const output = outputOf(child)
  const ready = output.until('READY')
  return {
    async complete(line) {
      await ready
      child.stdin.write(keys(line))
      const screen = await output.until('>>>')
      const shown = /<<<(.*)>>>/s.exec(screen)?.[1] ?? 'the line was not shown'
      const start = lastWordOf(line).index
      const words = shown === line ? [] : (shown.slice(start).match(shellWord) ?? [])
      return { words: words.map(meant), screen }
    },
    end: () => void child.kill('SIGKILL'),
  }
}

/** What a process prints, piece by piece. */
function outputOf(child: ChildProcess) {
  let text = ''
  let isEnded = false
  let wake = () => {}
  child.stdout?.setEncoding('utf8').on('data', (piece) => {
    text += piece
    wake()
  })
  child.once('close', () => {
    isEnded = true
    wake()
  })
  return {
    /** Resolves to what was printed since the last call, to the end of this mark. */
    async until(mark: string): Promise<string> {
      while (!text.includes(mark)) {
        if (isEnded) throw new Error(`the shell ended: ${text}`)
        await new Promise<void>((resume) => {
          wake = resume
        })
      }
      const end = text.indexOf(mark) + mark.length
      const piece = text.slice(0, end)
      text = text.slice(end)
      return piece
    },
  }
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
