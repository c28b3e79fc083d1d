import { Option } from '@commander-js/extra-typings'
import { resolveSettings } from '../../download/resolve-settings.js'
import { exitMeanings } from '../../exit-codes.js'
import { type CommandContext, createCommand, type HelpTexts, writeNotes } from '../command.js'
import * as shared from '../options.js'

/** As many as AA to ZZ. */
const flagCount = shared.numberIn({ min: 1, max: 676, isInteger: true })

const help: HelpTexts = {
  summary: 'download flags',
  description: 'Download country flags in parallel.',
  examples: [
    ['flags download', 'the 20 most populous countries'],
    ['flags download BR CN', 'two flags'],
    ['flags download Brazil deu 392', 'by name, alpha-3, or numeric code'],
    ['flags download --all -c 20', 'all countries, 20 requests at once'],
    ['flags download --all -c auto', 'adapt the concurrency to the server'],
    ['flags download --all --format svg', 'every SVG, for a web site'],
    ['flags download -as flagcdn --format png --width 320', 'PNGs of one width'],
    ['flags download --region "South America"', 'a continent'],
    ['flags list | flags download -', 'codes from a pipe'],
    ['flags download --json | jq .', 'results as JSON Lines, for jq'],
  ],
  environment: [
    ['FLAGS_*', 'defaults of the options that name them; the command line takes precedence'],
    ['HTTP_PROXY, HTTPS_PROXY', 'proxies for http and https; ALL_PROXY for both'],
    ['NO_PROXY', 'hosts to connect to directly'],
    ['NODE_EXTRA_CA_CERTS', 'PEM file of additional certificate authorities'],
    ['NO_COLOR, FORCE_COLOR', 'disable or force color'],
  ],
  exitStatus: exitMeanings,
}

/** `flags download [codes...]` */
export function downloadCommand(context: CommandContext) {
  return createCommand('download', context, help)
    .argument('[codes...]', 'codes or names; B for BA to BZ; - to read stdin')
    .optionsGroup('Selection:')
    .addOption(shared.fromOption())
    .option('-a, --all', 'all ISO 3166-1 codes (249)')
    .option('-e, --every', 'all codes from AA to ZZ (676)')
    .option('-l, --limit <n>', 'maximum number of flags, the first in order of code', flagCount)
    .addOption(shared.regionOption())
    .addOption(shared.excludeOption())
    .optionsGroup('Source and destination:')
    .addOption(shared.serverOption())
    .addOption(shared.formatOption())
    .addOption(shared.widthOption())
    .addOption(shared.outputOption('output folder, created if missing'))
    .option('-f, --force', 're-download even if unchanged')
    .addOption(shared.nameByOption())
    .option('--gallery', 'also write index.html, a page of the flags')
    .addOption(shared.timelineOption().conflicts('dryRun'))
    .optionsGroup('Requests:')
    .addOption(shared.concurrencyOption())
    .addOption(shared.maxConcurrencyOption())
    .addOption(shared.timeoutOption())
    .addOption(shared.retriesOption())
    .addOption(shared.rateOption())
    .optionsGroup('Output:')
    .option('-n, --dry-run', 'show what would be downloaded; make no requests')
    .option('--json', 'print JSON Lines to stdout, ending with a summary')
    .addOption(
      new Option('-v, --verbose', 'print a line for each flag and each retry').conflicts('quiet'),
    )
    .option('-q, --quiet', 'print only errors to stderr; stdout is unchanged')
    .option('--no-progress', 'hide the progress bar')
    .action(async (args, options) => {
      const { exclusionNotes, selectFromArgs } = await import('../../selection/code-list.js')
      const selection = await selectFromArgs(args, options, context)
      if (!options.quiet) await writeNotes(exclusionNotes(selection.unusedExclusions), context)
      const { timeout: timeoutMs, rate: ratePerSecond } = options
      const settings = resolveSettings({ ...options, timeoutMs, ratePerSecond })
      const { printPlan, runDownload } = await import('./run.js')
      if (options.dryRun) return printPlan(selection, settings, context, options.json === true)
      context.exit(await runDownload(selection, settings, options, context))
    })
}
