import { Command, Option } from '@commander-js/extra-typings'
import { resolveSettings } from '../../download/settings.js'
import { exitMeanings } from '../../exit-codes.js'
import { type CommandContext, type CommandHelp, type HelpItem, withHelp } from '../command.js'
import {
  concurrencyOption,
  excludeOption,
  formatOption,
  maxConcurrencyOption,
  nameByOption,
  nonEmpty,
  numberIn,
  outputOption,
  rateOption,
  regionOption,
  retriesOption,
  serverOption,
  timelineOption,
  timeoutOption,
  widthOption,
} from '../options.js'

/** The variables that are not of one option. */
const environment: readonly HelpItem[] = [
  ['FLAGS_*', 'the option beside which it stands; the command line takes precedence'],
  ['HTTP_PROXY, HTTPS_PROXY', 'proxies; ALL_PROXY for both'],
  ['NO_PROXY', 'the hosts reached without a proxy'],
  ['NODE_EXTRA_CA_CERTS', 'a file of additional certificate authorities'],
  ['NO_COLOR, FORCE_COLOR', 'no color, color everywhere'],
]

const help = {
  summary: 'download flags',
  description: 'Download the flags of countries, concurrently.',
  examples: [
    ['flags download', 'the 20 most populous countries'],
    ['flags download BR CN', 'these two'],
    ['flags download Brazil deu 392', 'by name, alpha-3, or numeric code'],
    ['flags download --all -c 20', 'all countries, 20 requests at once'],
    ['flags download --all -c auto', 'as many at once as the server stands'],
    ['flags download --all --format svg', 'every SVG, for a web site'],
    ['flags download -as flagcdn --format png --width 320', 'PNGs of one width'],
    ['flags download --region "South America"', 'the flags of a continent'],
    ['flags list | cut -f1 | flags download -', 'the codes that come from a pipe'],
    ['flags download --json | jq .', 'results for a program'],
  ],
  environment,
  exitStatus: exitMeanings,
} satisfies CommandHelp

/** `flags download [codes...]` */
export function downloadCommand(context: CommandContext) {
  return withHelp(new Command('download'), context, help)
    .argument('[codes...]', 'BR for one, B for all from BA to BZ, - for codes from stdin')
    .optionsGroup('Which flags:')
    .option(
      '--from <file>',
      'codes from a file, separated by white space or commas; # starts a comment',
      nonEmpty,
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
    .addOption(timelineOption().conflicts('dryRun'))
    .optionsGroup('How:')
    .addOption(concurrencyOption())
    .addOption(maxConcurrencyOption())
    .addOption(timeoutOption())
    .addOption(retriesOption())
    .addOption(rateOption())
    .optionsGroup('What is shown:')
    .option('-n, --dry-run', 'print the URL and path of each; no socket, no file')
    .option('--json', 'one JSON object a line on stdout, the summary last')
    .addOption(new Option('-v, --verbose', 'a line for each flag').conflicts('quiet'))
    .option('-q, --quiet', 'errors only')
    .option('--no-progress', 'no progress bar')
    .action(async (args, options) => {
      const { selectFromArgs } = await import('../../selection/code-list.js')
      const selection = await selectFromArgs(args, options, context)
      const { timeout: timeoutMs, rate: ratePerSecond } = options
      const settings = resolveSettings({ ...options, timeoutMs, ratePerSecond })
      const { printPlan, runDownload } = await import('./run.js')
      if (options.dryRun) return printPlan(selection, settings, context, options.json === true)
      context.exit(await runDownload(selection, settings, options, context))
    })
}

/** As many as AA to ZZ. */
const everyCode = { min: 1, max: 676, isInteger: true }
