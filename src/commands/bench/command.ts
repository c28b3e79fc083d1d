import { Option } from '@commander-js/extra-typings'
import type { Concurrency } from '../../download/settings.js'
import { serverLabels } from '../../sources/source.js'
import { type CommandContext, createCommand, type HelpTexts } from '../command.js'
import { concurrencyFrom, numberIn, sourceFrom, timelineOption } from '../options.js'

const runCount = numberIn({ min: 1, max: 100, isInteger: true })
const flagCount = numberIn({ min: 1, max: 249, isInteger: true })

/** The maximum number of requests to a server other than the embedded one without `--yes`. */
const maxRequestsWithoutYes = 200

const help: HelpTexts = {
  summary: 'compare levels of concurrency',
  description: 'Download the same flags at several levels of concurrency, and recommend a level.',
  examples: [
    ['flags bench', 'the embedded server'],
    ['flags bench --levels 1,5,20', 'three levels'],
    ['flags bench --levels 5,20,100,auto', 'compare -c auto with fixed levels'],
    [
      'flags bench -s http://127.0.0.1:8000/flags -l 20 --runs 1',
      'a server that is already running',
    ],
  ],
  exitStatus: {
    ok: 'every level was measured',
    failed: 'a flag failed',
    cannotRun: 'a temporary folder or the output cannot be written',
  },
}

/** `flags bench` */
export function benchCommand(context: CommandContext) {
  return createCommand('bench', context, help)
    .addOption(
      new Option('--delay <seconds>', 'delay of the embedded server before each response')
        .default(100, '0.1')
        .argParser(numberIn({ min: 1, max: 5000, isInteger: false }, 1000)),
    )
    .addOption(
      new Option('--levels <n,...>', 'levels to compare: maximum parallel requests, or auto')
        .default([1, 5, 20, 100] as readonly Concurrency[], '1,5,20,100')
        .argParser((text) => text.split(',').map(concurrencyFrom)),
    )
    .option('--runs <n>', 'runs at each level', runCount, 3)
    .option('-l, --limit <n>', 'flags in each run, starting with AD', flagCount, 100)
    .addOption(
      new Option(
        '-s, --server <label or url>',
        `measure this server: ${serverLabels.join(', ')}, or a URL`,
      )
        .conflicts('delay')
        .argParser(sourceFrom),
    )
    .option(
      '--yes',
      `allow more than ${maxRequestsWithoutYes} requests to a server given by URL or a public one`,
    )
    .addOption(timelineOption(['html']))
    .option('--json', 'print JSON Lines to stdout, ending with a summary')
    .action(async ({ delay: delayMs, limit: flags, yes, ...options }) => {
      const maxRequests = yes ? Number.POSITIVE_INFINITY : maxRequestsWithoutYes
      const { bench } = await import('./run.js')
      context.exit(await bench({ ...options, delayMs, flags, maxRequests }, context))
    })
}
