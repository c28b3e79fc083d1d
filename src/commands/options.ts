import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import {
  type Concurrency,
  defaults,
  describeRange,
  isInRange,
  type NumberRange,
  nameBys,
  ranges,
  widthRange,
} from '../download/settings.js'
import { UsageError } from '../errors.js'
import { imageFormats } from '../images/format.js'
import type { TimelineFormat } from '../pages/render-timeline.js'
import { parseSource, serverLabels } from '../sources/source.js'

/** The options that several commands have, each parsed once, with the default of the core. */

const serverDescription = `${serverLabels.join(', ')}, or a URL: a template with {cc}, or a base to which /{cc}/{cc}.{ext} is added`

export function serverOption() {
  return new Option('-s, --server <label or url>', serverDescription)
    .env('FLAGS_SERVER')
    .default(parseSource(defaults.server), `"${defaults.server}"`)
    .argParser(sourceFrom)
}

/** The folder of flags; the description says what a command does with it. */
export function outputOption(description: string) {
  return new Option('-o, --output <dir>', description)
    .env('FLAGS_OUTPUT')
    .default(defaults.output)
    .argParser(outputPath)
}

export function nameByOption() {
  const description =
    "name files br.gif, bra.gif, 076.gif, or Brazil.gif (from the server's metadata.json)"
  return new Option('--name-by <what>', description).choices(nameBys).default(defaults.nameBy)
}

/** The countries of a continent. Its names are written here, so that no help loads the countries. */
export function regionOption() {
  const description =
    'all countries of Africa, Antarctica, Asia, Europe, North America, Oceania, or South America (repeatable)'
  return new Option('--region <continent>', description).argParser(collected)
}

export function excludeOption() {
  const description = 'codes and names to leave out, separated by commas (repeatable)'
  return new Option('--exclude <words>', description).argParser(collected)
}

/** A parser for an option that may be repeated. */
function collected(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

export function fromOption() {
  const description =
    'read codes from a file, separated by white space or commas; # starts a comment (repeatable)'
  return new Option('--from <file>', description).argParser(
    (file: string, earlier: readonly string[] = []) =>
      collected(file === '-' ? file : optionPath(file), earlier),
  )
}

export function formatOption() {
  const description = 'image format (default: the first format of the server)'
  return new Option('--format <format>', description).choices(imageFormats)
}

export function widthOption() {
  const description = 'image width in pixels, for servers that have several (default: 320)'
  return new Option('--width <px>', description).argParser(numberIn(widthRange))
}

export function concurrencyOption() {
  const description = 'maximum parallel requests, 1 to 1000, or auto to adapt to the server'
  return new Option('-c, --concurrency <n or auto>', description)
    .env('FLAGS_CONCURRENCY')
    .default(defaults.concurrency)
    .argParser(concurrencyFrom)
}

export function maxConcurrencyOption() {
  return new Option('--max-concurrency <n>', 'upper limit for -c auto, 1 to 1000')
    .default(defaults.maxConcurrency)
    .argParser(numberIn(ranges.maxConcurrency))
}

/** The time limit for an attempt: seconds here, milliseconds inside. */
export function timeoutOption() {
  return new Option(
    '--timeout <seconds>',
    'time limit for each attempt, from connecting to the last byte',
  )
    .env('FLAGS_TIMEOUT')
    .default(defaults.timeoutMs, `${defaults.timeoutMs / 1000}`)
    .argParser(numberIn(ranges.timeoutMs, 1000))
}

export function retriesOption() {
  return new Option('--retries <n>', 'retries per flag')
    .env('FLAGS_RETRIES')
    .default(defaults.retries)
    .argParser(numberIn(ranges.retries))
}

export function rateOption() {
  return new Option('--rate <n>', 'maximum requests started per second')
    .env('FLAGS_RATE')
    .default(defaults.ratePerSecond, 'no limit')
    .argParser(numberIn(ranges.ratePerSecond))
}

/** The formats of a timeline, by the ending of its file. */
const timelineFormats: readonly TimelineFormat[] = ['html', 'har', 'svg', 'json']

/** Where to write the timeline of a run, and how. */
export interface TimelineFile {
  readonly path: string
  readonly format: TimelineFormat
}

export function timelineOption(formats = timelineFormats) {
  const endings = formats.map((format) => `.${format}`).join(', ')
  const ending = endings.replace(/, (?=\S+$)/, ' or ')
  return new Option(
    '--timeline <file>',
    `write a timeline of the run to a file (${endings})`,
  ).argParser((path): TimelineFile => {
    const name = outputPath(path).toLowerCase()
    const format = formats.find((each) => name.endsWith(`.${each}`))
    if (!format) throw new InvalidArgumentError(`Give a file name that ends in ${ending}.`)
    return { path, format }
  })
}

/** A parser for a number; `scale` converts the option's unit into the range's. */
export function numberIn(range: NumberRange, scale = 1): (text: string) => number {
  const shown = { ...range, min: range.min / scale, max: range.max / scale }
  return (text) => {
    // Number() alone would take '' and ' ' for 0, and 0x10 for 16.
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) * scale : Number.NaN
    if (!isInRange(value, range)) throw new InvalidArgumentError(`Give ${describeRange(shown)}.`)
    return value
  }
}

/** A parser for a number of parallel requests, or `auto`. */
export function concurrencyFrom(text: string): Concurrency {
  return text === 'auto' ? 'auto' : numberIn(ranges.concurrency)(text)
}

/** A parser for a text that must not be empty: the path of a folder or file, or an address. */
export function nonEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.')
  // Node decodes arguments as UTF-8, so that other bytes would become the name of another file.
  if (text.includes('\ufffd')) throw new InvalidArgumentError('It must be valid UTF-8.')
  return text
}

/** A parser for the path in an option: what starts with - is the next option, and the path is missing. */
export function optionPath(text: string): string {
  if (text.startsWith('-')) {
    throw new InvalidArgumentError(`It looks like an option: write ./${text} for a file or folder.`)
  }
  return nonEmpty(text)
}

/** A parser for the path of what is written. */
function outputPath(text: string): string {
  if (text === '-') throw new InvalidArgumentError('Writing to stdout is not supported.')
  return optionPath(text)
}

/** A parser for a server, by label or URL. */
export function sourceFrom(text: string) {
  try {
    return parseSource(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    // commander names the option and its value before this sentence.
    const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
    throw Object.assign(new InvalidArgumentError(sentence), { cause: error })
  }
}
