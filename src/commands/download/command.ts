import { Command, Option } from '@commander-js/extra-typings'
import { resolveSettings } from '../../download/settings.js'
import type { CommandContext } from '../context.js'
import { downloadHelpEnd, withExamples } from '../help.js'
import {
  concurrencyOption,
  excludeOption,
  formatOption,
  nameByOption,
  numberIn,
  outputOption,
  rateOption,
  regionOption,
  retriesOption,
  serverOption,
  timeoutOption,
  widthOption,
} from '../options.js'

const description = withExamples('Download the flags of countries as GIF files, concurrently.', [
  ['flags download', 'the 20 most populous countries'],
  ['flags download BR CN', 'these two'],
  ['flags download --all -c 20', 'all countries, 20 requests at once'],
  ['flags download b --server remote', 'from BA to BZ, from the real server'],
  ['flags list | cut -f1 | flags download -', 'the codes that come from a pipe'],
  ['flags download --json | jq .', 'results for a program'],
])

/** `flags download [codes...]` */
export function downloadCommand(context: CommandContext) {
  return new Command('download')
    .summary('download flags')
    .description(description)
    .argument('[codes...]', 'BR for one, B for all from BA to BZ, - for codes from stdin')
    .optionsGroup('Which flags:')
    .option(
      '--from <file>',
      'codes from a file, separated by white space or commas; # starts a comment',
    )
    .option('-a, --all', 'every ISO 3166-1 code (249)')
    .option('-e, --every', 'AA to ZZ (676)')
    .option('-l, --limit <n>', 'only the first n, after sorting', numberIn(everyCode))
    .addOption(regionOption())
    .addOption(excludeOption())
    .optionsGroup('Where from, where to:')
    .addOption(serverOption())
    .addOption(formatOption())
    .addOption(widthOption())
    .addOption(outputOption('folder to save to, made if missing'))
    .option('-f, --force', 'fetch again what is unchanged')
    .addOption(nameByOption())
    .option('--gallery', 'write index.html to look at into the folder, too')
    .optionsGroup('How:')
    .addOption(concurrencyOption())
    .addOption(timeoutOption())
    .addOption(retriesOption())
    .addOption(rateOption())
    .optionsGroup('What is shown:')
    .option('-n, --dry-run', 'print the URL and path of each; no socket, no file')
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .addOption(new Option('-v, --verbose', 'a line for each flag').conflicts('quiet'))
    .option('-q, --quiet', 'errors only')
    .option('--no-progress', 'no progress bar')
    .addHelpText('after', downloadHelpEnd())
    .action(async (args, options) => {
      const { selectFromArgs } = await import('../../selection/code-list.js')
      const selection = await selectFromArgs(args, options, context)
      const { timeout: timeoutMs, rate: ratePerSecond } = options
      const settings = resolveSettings({ ...options, timeoutMs, ratePerSecond })
      if (options.dryRun) {
        const { printPlan } = await import('./dry-run.js')
        return printPlan(selection, settings, context, options.json === true)
      }
      const [{ runDownload }, { createReporter }] = await Promise.all([
        import('./run.js'),
        import('../../report/reporter.js'),
      ])
      const reportOptions = { ...options, debug: context.debug }
      const reporter = await createReporter(reportOptions, selection.explicitCodes, context)
      const { gallery } = options
      context.exit(
        await runDownload(selection, settings, {
          env: context.env,
          signal: context.signal,
          gallery,
          reporter,
        }),
      )
    })
}

/** As many as AA to ZZ. */
const everyCode = { min: 1, max: 676, isInteger: true }
