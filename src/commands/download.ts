import { Command, Option } from '@commander-js/extra-typings'
import { defaults, ranges } from '../download/settings.js'
import { parseSource, serverLabels } from '../sources/source.js'
import type { Context } from './context.js'
import { checked, numberIn } from './option-values.js'

/** `flags download [codes...]` */
export function downloadCommand(context: Context) {
  return new Command('download')
    .summary('download flags')
    .description('Download the flags of countries as GIF files, concurrently.')
    .argument(
      '[codes...]',
      'BR for one country, B for all from BA to BZ; none: the 20 most populous',
    )
    .option('-a, --all', 'every ISO 3166-1 code (249)')
    .option('-e, --every', 'AA to ZZ (676)')
    .addOption(
      new Option('-l, --limit <n>', 'only the first n, after sorting').argParser(
        numberIn({ least: 1, most: 676, isWhole: true }),
      ),
    )
    .addOption(
      new Option('-s, --server <label or url>', `${serverLabels.join(', ')}, or a URL`)
        .env('FLAGS_SERVER')
        .default(defaults.server)
        .argParser(checked(parseSource)),
    )
    .addOption(
      new Option('-c, --concurrency <n>', 'requests open at once, 1 to 1000')
        .env('FLAGS_CONCURRENCY')
        .default(defaults.concurrency)
        .argParser(numberIn(ranges.concurrency)),
    )
    .addOption(
      new Option('-o, --output <dir>', 'folder to save to, made if missing')
        .env('FLAGS_OUTPUT')
        .default(defaults.output),
    )
    .addOption(
      new Option('--timeout <seconds>', 'for one attempt, from connecting to the last byte')
        .env('FLAGS_TIMEOUT')
        .default(defaults.timeoutMs, `${defaults.timeoutMs / 1000}`)
        .argParser(numberIn(ranges.timeoutMs, 1000)),
    )
    .addOption(
      new Option('--retries <n>', 'further attempts after the first')
        .env('FLAGS_RETRIES')
        .default(defaults.retries)
        .argParser(numberIn(ranges.retries)),
    )
    .addOption(
      new Option('--rate <n>', 'start at most n requests a second, over all workers')
        .env('FLAGS_RATE')
        .default(defaults.ratePerSecond, 'no limit')
        .argParser(numberIn(ranges.ratePerSecond)),
    )
    .option('--force', 'fetch again what is unchanged')
    .option('-n, --dry-run', 'print the URL and path of each; no socket, no file')
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .addOption(new Option('-v, --verbose', 'a line for each flag').conflicts('quiet'))
    .option('-q, --quiet', 'errors only')
    .option('--no-progress', 'no progress bar')
    .action(async (words, options) => {
      const { selectCodes } = await import('../selection/select-codes.js')
      const selection = selectCodes({ ...options, words })
      const settings = {
        server: options.server,
        concurrency: options.concurrency,
        output: options.output,
        timeoutMs: options.timeout,
        retries: options.retries,
        ratePerSecond: options.rate,
        force: options.force ?? defaults.force,
      }
      if (options.dryRun) {
        const { printPlan } = await import('../run/plan.js')
        return printPlan(selection, settings, context.stdout, options.json === true)
      }
      const [{ runDownload }, { createReporter }] = await Promise.all([
        import('../run/run-download.js'),
        import('../report/create-reporter.js'),
      ])
      const reporter = await createReporter(options, selection.named, context)
      context.exit(await runDownload(selection, settings, reporter, context.signal))
    })
}
