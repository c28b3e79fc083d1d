import { Option } from '@commander-js/extra-typings'
import { defaults } from '../download/settings.js'
import { parseSource, serverLabels } from '../sources/source.js'
import { checked, nonEmpty } from './option-values.js'

/** `--server`, where flags come from. */
export function serverOption() {
  return new Option('-s, --server <label or url>', `${serverLabels.join(', ')}, or a URL`)
    .env('FLAGS_SERVER')
    .default(defaults.server)
    .argParser(checked(parseSource))
}

/** `--output`, the folder of flags; the description says what a command does with it. */
export function outputOption(description: string) {
  return new Option('-o, --output <dir>', description)
    .env('FLAGS_OUTPUT')
    .default(defaults.output)
    .argParser(nonEmpty)
}
