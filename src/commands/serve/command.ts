import { Command, Option } from '@commander-js/extra-typings'
import type { CommandContext } from '../context.js'
import { nonEmpty, numberIn, rangeOfSeconds } from '../options.js'

/** `flags serve` */
export function serveCommand(context: CommandContext) {
  return new Command('serve')
    .summary('serve flags to others')
    .description('Serve the flags that come with the program, or a folder, until told to end.')
    .addOption(
      new Option('--port <n>', 'port to listen at; 0 for any free one')
        .default(8000)
        .argParser(numberIn({ min: 0, max: 65_535, isInteger: true })),
    )
    .addOption(
      new Option('--host <address>', 'address to listen at')
        .default('127.0.0.1')
        .argParser(nonEmpty),
    )
    .addOption(
      new Option('--delay <seconds or min-max>', 'wait before each answer')
        .default([0, 0] as [number, number], 'none')
        .argParser(rangeOfSeconds),
    )
    .addOption(
      new Option('--error-rate <share>', "share of answers that are 418 I'm a teapot, 0 to 1")
        .default(0)
        .argParser(numberIn({ min: 0, max: 1, isInteger: false })),
    )
    .addOption(
      new Option(
        '--seed <n>',
        'repeat a sequence of delays and errors; none: another each time',
      ).argParser(numberIn({ min: 0, max: 2 ** 32 - 1, isInteger: true })),
    )
    .option('--root <dir>', 'serve the files of this folder instead')
    .action(async ({ root, delay, ...options }) => {
      const { serve } = await import('./run.js')
      await serve({ ...options, delayMs: delay, root }, context.stdout, context.signal)
    })
}
