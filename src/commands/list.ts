import { Command } from '@commander-js/extra-typings'
import { type Country, continents, isoCountries } from '../countries.js'
import { UsageError } from '../errors.js'
import type { Output } from '../report/output.js'
import type { CommandContext } from './context.js'

/** `flags list` */
export function listCommand(context: CommandContext) {
  return new Command('list')
    .summary('list the known codes')
    .description('List the codes of ISO 3166-1 with the names of their countries.')
    .option('--region <continent>', 'only the countries of this continent, in any case')
    .option('--json', 'one JSON object a line')
    .action((options) => list(options, context.stdout))
}

interface ListOptions {
  /** A continent, in any case. Default: all of them. */
  readonly region?: string | undefined
  /** An object a line. Default: the code and the name, with a tab between them. */
  readonly json?: boolean | undefined
}

/** Prints the known countries, a line each. Throws UsageError for a region that is no continent. */
async function list({ region, json }: ListOptions, stdout: Output): Promise<void> {
  for (const { code, name, continent } of countriesIn(region)) {
    const line = json ? JSON.stringify({ code, name, continent }) : `${code}\t${name}`
    await stdout.write(`${line}\n`)
  }
}

/**
 * The countries of ISO 3166-1, sorted by code: those of a continent (its name in any case), or all
 * where none is given. Throws UsageError for what is no continent.
 */
function countriesIn(region: string | undefined): readonly Country[] {
  if (region === undefined) return isoCountries
  const continent = continents.find((name) => name.toLowerCase() === region.toLowerCase())
  if (!continent) {
    throw new UsageError(`bad region '${region}': give one of ${continents.join(', ')}`)
  }
  return isoCountries.filter((country) => country.continent === continent)
}
