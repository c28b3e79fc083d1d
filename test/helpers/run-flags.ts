import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'

const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { flags: string } }

/** The built program, as package.json names it. */
export const flagsBin = resolve(bin.flags)

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Starts the built program with its streams in pipes; the end of the test kills it. */
export function startFlags(args: readonly string[], options?: RunOptions) {
  return start(process.execPath, [flagsBin, ...args], options)
}

/** Runs the built program to its end. */
export function runFlags(args: readonly string[], options?: RunOptions) {
  return startFlags(args, options).ended
}

/** Runs a line of bash, in which $FLAGS is the built program. */
export function runShell(line: string, cwd?: string) {
  const env = { FLAGS: `${process.execPath} ${flagsBin}` }
  return start('bash', ['-c', line], { env, ...(cwd !== undefined && { cwd }) }).ended
}

function start(command: string, args: readonly string[], { cwd, env: own }: RunOptions = {}) {
  // CI changes what is drawn; a test about that sets it.
  const env: NodeJS.ProcessEnv = { ...process.env, CI: undefined, ...own }
  for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name]
  const child = spawn(command, args, { cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.end()
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      printed[name] += text
    })
  }
  const ended = once(child, 'close').then(([exitCode, signal]) => {
    return { ...printed, exitCode, signal }
  })
  return { child, ended }
}

/** The objects that `--json` printed, a line each. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came out
export function jsonLines(stdout: string): any[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
