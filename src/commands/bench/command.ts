import { Command, Option } from '@commander-js/extra-typings'
import { ranges } from '../../download/settings.js'
import { serverLabels } from '../../sources/parse-source.js'
import type { CommandContext } from '../context.js'
import { numberIn, numbersIn, sourceFrom } from '../options.js'
import { benchDefaults, mostRequestsUnasked } from './plan.js'

/** `flags bench` */
export function benchCommand(context: CommandContext) {
  return new Command('bench')
    .summary('compare levels of concurrency')
    .description(
      'Download the same flags at several levels of concurrency, to a folder that is removed, and say which level to use.',
    )
    .addOption(
      new Option('--delay <seconds>', 'how long the embedded server waits before each answer')
        .default(benchDefaults.delayMs as number, `${benchDefaults.delayMs / 1000}`)
        .argParser(numberIn({ min: 1, max: 5000, isInteger: false }, 1000)),
    )
    .addOption(
      new Option('--levels <n,...>', 'how many requests may be open at once')
        .default(benchDefaults.levels as readonly number[], benchDefaults.levels.join())
        .argParser(numbersIn(ranges.concurrency)),
    )
    .addOption(
      new Option('--runs <n>', 'measured at each level')
        .default(benchDefaults.runs as number)
        .argParser(numberIn({ min: 1, max: 100, isInteger: true })),
    )
    .addOption(
      new Option('-l, --limit <n>', 'flags in each run, the first of ISO 3166-1')
        .default(benchDefaults.flags as number)
        .argParser(numberIn({ min: 1, max: 249, isInteger: true })),
    )
    .addOption(
      new Option(
        '-s, --server <label or url>',
        `measure another server: ${serverLabels.join(', ')}, or a URL`,
      )
        .conflicts('delay')
        .argParser(sourceFrom),
    )
    .option('--yes', `send such a server more than ${mostRequestsUnasked} requests in all`)
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .action(async ({ delay: delayMs, limit: flags, ...options }) => {
      const { bench } = await import('./run.js')
      const { stdout, stderr, signal } = context
      context.exit(await bench({ ...options, delayMs, flags }, stdout, stderr, signal))
    })
}
