import { spawn } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Interrupt } from '../../src/errors.js'
import { main } from '../../src/program.js'
import { flagsBin } from './run-flags.js'
import { testStream } from './run-main.js'

/** The address that transcripts show for a server which they start. */
const shownUrl = 'http://127.0.0.1:8000'

/**
 * Runs the commands of a transcript in this folder, and gives it back with what they print. `flags …`
 * runs in the test's own process, `flags serve … &` beside the commands that follow it at a free port,
 * and everything else in a shell.
 */
export async function replay(transcript: string, cwd: string): Promise<string> {
  const stop = new AbortController()
  const servers: Promise<unknown>[] = []
  let url = shownUrl
  let printed = ''
  const run = async (command: string): Promise<string> => {
    // A reader wants to see the spinner; the test does not.
    const real = command.replaceAll(shownUrl, url).replace('--seconds 1', '--seconds 0.1')
    if (!command.endsWith(' &')) return runCommand(real, cwd)
    const server = startMain([...wordsOf(real.slice(0, -2)), '--port', '0'], stop.signal)
    servers.push(server.ended)
    url = new URL(await server.firstLine).origin
    return server.printed()
  }
  try {
    for (const [, command = ''] of transcript.matchAll(/^\$ (.*)$/gm)) {
      printed += `$ ${command}\n${(await run(command)).replaceAll(url, shownUrl)}`
    }
  } finally {
    stop.abort(new Interrupt('SIGTERM'))
    await Promise.all(servers)
  }
  return printed
}

async function runCommand(command: string, cwd: string): Promise<string> {
  // Worker threads start from files of the built program.
  const isSimple = /^flags [^|;<>&$`]*$/.test(command) && !/--(worker|executor)/.test(command)
  if (!isSimple) return runShell(command, cwd)
  const before = process.cwd()
  process.chdir(cwd)
  try {
    const { ended, printed } = startMain(wordsOf(command), new AbortController().signal)
    await ended
    return printed()
  } finally {
    process.chdir(before)
  }
}

/** Both streams are one pipe, so that their lines keep their order. */
function startMain(args: readonly string[], signal: AbortSignal) {
  const { stream, text: printed } = testStream()
  const firstLine = new Promise<string>((resolve) => stream.once('data', resolve))
  const stdin = process.stdin
  const ended = main(args, { stdin, stdout: stream, stderr: stream, env: {}, signal })
  return { ended, firstLine, printed }
}

/** The arguments of a simple command, without the quotes around them. */
function wordsOf(command: string): string[] {
  const words = command.slice('flags '.length).match(/"[^"]*"|'[^']*'|\S+/g) ?? []
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
}

async function runShell(command: string, cwd: string): Promise<string> {
  const bin = join(cwd, '.bin')
  await mkdir(bin, { recursive: true })
  await symlink(flagsBin, join(bin, 'flags')).catch(() => {})
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
  const shell = spawn('sh', ['-c', `exec 2>&1; ${command}`], { cwd, env })
  return text(shell.stdout)
}
