import { PassThrough, Readable } from 'node:stream'
import { main } from '../../src/program.js'

/** What a command line printed, and the exit status. */
export interface MainResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface MainOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
  readonly signal?: AbortSignal
}

/** Runs a command line in the test's own process, with all its streams in pipes. */
export async function runMain(
  args: readonly string[],
  { env = {}, stdin = '', signal = new AbortController().signal }: MainOptions = {},
): Promise<MainResult> {
  const stdout = collectingStream()
  const stderr = collectingStream()
  const exitCode = await main(args, {
    stdin: Readable.from([stdin]) as NodeJS.ReadStream,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    signal,
  })
  return { stdout: stdout.text(), stderr: stderr.text(), exitCode }
}

function collectingStream() {
  const stream = new PassThrough()
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return { stream, text: () => text }
}
