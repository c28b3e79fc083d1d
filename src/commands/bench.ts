import { Command, Option } from '@commander-js/extra-typings'
import { benchDefaults, mostRequestsUnasked } from '../bench/plan.js'
import { ranges } from '../download/settings.js'
import { parseSource, serverLabels } from '../sources/source.js'
import type { Context } from './context.js'
import { checked, numberIn, numbersIn } from './option-values.js'

/** `flags bench` */
export function benchCommand(context: Context) {
  return new Command('bench')
    .summary('compare levels of concurrency')
    .description(
      'Download the same flags at several levels of concurrency, to a folder that is removed, and say which level to use.',
    )
    .addOption(
      new Option('--delay <seconds>', 'how long the embedded server waits before each answer')
        .default(benchDefaults.delayMs as number, `${benchDefaults.delayMs / 1000}`)
        .argParser(numberIn({ least: 1, most: 5000, isWhole: false }, 1000)),
    )
    .addOption(
      new Option('--levels <n,...>', 'how many requests may be open at once')
        .default(benchDefaults.levels as readonly number[], benchDefaults.levels.join())
        .argParser(numbersIn(ranges.concurrency)),
    )
    .addOption(
      new Option('--runs <n>', 'measured at each level')
        .default(benchDefaults.runs as number)
        .argParser(numberIn({ least: 1, most: 100, isWhole: true })),
    )
    .addOption(
      new Option('-l, --limit <n>', 'flags in each run, the first of ISO 3166-1')
        .default(benchDefaults.flags as number)
        .argParser(numberIn({ least: 1, most: 249, isWhole: true })),
    )
    .addOption(
      new Option(
        '-s, --server <label or url>',
        `measure another server: ${serverLabels.join(', ')}, or a URL`,
      )
        .conflicts('delay')
        .argParser(checked(parseSource)),
    )
    .option('--yes', `send such a server more than ${mostRequestsUnasked} requests in all`)
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .action(async ({ delay: delayMs, limit: flags, ...options }) => {
      const { bench } = await import('../run/bench.js')
      const { stdout, stderr, signal } = context
      context.exit(await bench({ ...options, delayMs, flags }, stdout, stderr, signal))
    })
}
