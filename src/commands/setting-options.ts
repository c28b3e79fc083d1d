/** The options that are settings of a run, each with its variable and the default of the core. */

import { Option } from '@commander-js/extra-typings'
import { defaults, nameBys, ranges } from '../download/settings.js'
import { parseSource, serverLabels } from '../sources/source.js'
import { checked, nonEmpty, numberIn } from './option-values.js'

/** Where flags come from. */
export function serverOption() {
  return new Option('-s, --server <label or url>', `${serverLabels.join(', ')}, or a URL`)
    .env('FLAGS_SERVER')
    .default(defaults.server)
    .argParser(checked(parseSource))
}

/** The folder of flags; the description says what a command does with it. */
export function outputOption(description: string) {
  return new Option('-o, --output <dir>', description)
    .env('FLAGS_OUTPUT')
    .default(defaults.output)
    .argParser(nonEmpty)
}

/** What files are named by. */
export function nameByOption() {
  const description = "br.gif, or Brazil.gif from the server's metadata.json"
  return new Option('--name-by <code or country>', description)
    .choices(nameBys)
    .default(defaults.nameBy)
}

/** How many requests are open at once. */
export function concurrencyOption() {
  return new Option('-c, --concurrency <n>', 'requests open at once, 1 to 1000')
    .env('FLAGS_CONCURRENCY')
    .default(defaults.concurrency)
    .argParser(numberIn(ranges.concurrency))
}

/** How long an attempt may take: seconds here, milliseconds within. */
export function timeoutOption() {
  return new Option('--timeout <seconds>', 'for one attempt, from connecting to the last byte')
    .env('FLAGS_TIMEOUT')
    .default(defaults.timeoutMs, `${defaults.timeoutMs / 1000}`)
    .argParser(numberIn(ranges.timeoutMs, 1000))
}

/** How often a fetch is tried again. */
export function retriesOption() {
  return new Option('--retries <n>', 'further attempts after the first')
    .env('FLAGS_RETRIES')
    .default(defaults.retries)
    .argParser(numberIn(ranges.retries))
}

/** How many requests may start in a second. */
export function rateOption() {
  return new Option('--rate <n>', 'start at most n requests a second, over all workers')
    .env('FLAGS_RATE')
    .default(defaults.ratePerSecond, 'no limit')
    .argParser(numberIn(ranges.ratePerSecond))
}
