import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'

const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { flags: string } }

/** The built program, as package.json names it. */
export const flagsBin = resolve(bin.flags)

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
}

/** Starts the built program with its streams in pipes; the end of the test kills it. */
export function startFlags(args: readonly string[], options: RunOptions = {}): Running {
  // CI changes what is drawn; a test about that sets it.
  const env: NodeJS.ProcessEnv = { ...process.env, CI: undefined, ...options.env }
  for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name]
  const child = spawn(process.execPath, [flagsBin, ...args], { cwd: options.cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.end(options.stdin ?? '')

  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<Ended>((onEnd, onError) => {
    child.once('error', onError)
    child.once('close', (exitCode, signal) => onEnd({ stdout, stderr, exitCode, signal }))
  })
  return { child, ended }
}

/** Runs the built program to its end. */
export function runFlags(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startFlags(args, options).ended
}

/** The objects that `--json` printed, a line each. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came out
export function jsonLines(stdout: string): any[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
