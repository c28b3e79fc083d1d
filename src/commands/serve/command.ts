import { isIP } from 'node:net'
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { type CommandContext, createCommand, type HelpTexts } from '../command.js'
import { numberIn, optionPath } from '../options.js'

const portNumber = numberIn({ min: 0, max: 65_535, isInteger: true })
const requestCount = numberIn({ min: 1, max: 100_000, isInteger: true })

/** A parser for a host. */
function hostName(text: string): string {
  if (/^\w[\w.-]*$/.test(text) || isIP(text)) return text
  throw new InvalidArgumentError('Give a host name or an IP address, without a port.')
}

const help: HelpTexts = {
  summary: 'serve flags over HTTP',
  description: 'Serve the embedded flags, or a folder, until interrupted.',
  examples: [
    ['flags serve', 'on http://127.0.0.1:8000/flags'],
    ['flags serve --port 0 --delay 0.5-2', 'on a free port, with a delay'],
    ['flags serve --root flags', 'the files of a folder'],
    ['flags serve --delay 0.05 --reject-above 30', 'to try flags download -c auto'],
  ],
  exitStatus: [
    ['0', 'interrupted by SIGINT or SIGTERM'],
    ['2', 'usage error: unknown option, invalid value'],
    ['3', 'the port is taken, or the address is not available'],
    ['129', 'interrupted by SIGHUP'],
  ],
}

/** `flags serve` */
export function serveCommand(context: CommandContext) {
  return createCommand('serve', context, help)
    .option('--port <n>', 'port to listen on; 0 picks a free one', portNumber, 8000)
    .option('--host <address>', 'address to listen on', hostName, '127.0.0.1')
    .addOption(
      new Option('--delay <seconds or min-max>', 'delay before each response')
        .default([0, 0] as [number, number], 'none')
        .argParser(rangeOfSeconds),
    )
    .addOption(
      new Option('--error-rate <share>', "share of responses that are 418 I'm a teapot, 0 to 1")
        .default(0)
        .argParser(numberIn({ min: 0, max: 1, isInteger: false })),
    )
    .option('--capacity <n>', 'answer at most n requests at once; queue the rest', requestCount)
    .option('--reject-above <n>', 'answer 429 while n requests are open', requestCount)
    .option(
      '--seed <n>',
      'seed for repeatable delays and errors',
      numberIn({ min: 0, max: 2 ** 32 - 1, isInteger: true }),
    )
    .option('--root <dir>', 'serve this folder instead of the embedded flags', optionPath)
    .option(
      '--allow-host <name>',
      'also accept this name in the Host header (repeatable)',
      (name: string, names: readonly string[] = []) => [...names, hostName(name)],
    )
    .option('-v, --verbose', 'log each request to stderr, in the Common Log Format')
    .action(async ({ delay, allowHost, ...options }) => {
      const { serve } = await import('./run.js')
      await serve({ ...options, delayMs: delay, allowedHosts: allowHost ?? [] }, context)
    })
}

/** A parser for seconds: `2`, or a range `0.5-5`. Gives milliseconds. */
export function rangeOfSeconds(text: string): [minMs: number, maxMs: number] {
  const match = /^(\d*\.?\d+)(?:-(\d*\.?\d+))?$/.exec(text)
  const minMs = Number(match?.[1]) * 1000
  const maxMs = Number(match?.[2] ?? match?.[1]) * 1000
  if (!(minMs <= maxMs && maxMs <= 3_600_000)) {
    throw new InvalidArgumentError('Give seconds (2) or a range (0.5-5), up to 3600.')
  }
  return [minMs, maxMs]
}
