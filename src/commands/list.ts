import { type Country, countries, isoCountries } from '../countries.js'
import { shellQuoted, UsageError } from '../errors.js'
import { exclusionNotes } from '../selection/code-list.js'
import {
  codeWithName,
  continentOf,
  findContinent,
  searchCountries,
} from '../selection/find-code.js'
import { withoutExcluded } from '../selection/select-codes.js'
import { formatsOfServer, type Server, servers } from '../sources/source.js'
import { type CommandContext, createCommand, writeNotes } from './command.js'
import { excludeOption, regionOption } from './options.js'

/** `flags list [words...]` */
export function listCommand(context: CommandContext) {
  return createCommand('list', context, {
    summary: 'list codes and names',
    description:
      'List country codes and names: all, those that match every word, or those of several codes.',
    examples: [
      ['flags list', 'all 249'],
      ['flags list korea', 'those with korea in a code or name'],
      ['flags list CZ TUR 392', 'three countries by code'],
      ['flags list --region Europe | cut -f1', 'the codes of a continent'],
      ['flags list --json --extra', 'every code and name, for a program'],
    ],
    exitStatus: { ok: 'the list was printed', usage: 'nothing matches' },
  })
    .argument('[words...]', 'parts of codes or names, all of which must match, or several codes')
    .addOption(regionOption())
    .addOption(excludeOption())
    .option('--extra', 'also flags outside ISO 3166-1, such as EU, GB-SCT, XK')
    .option('--json', 'print JSON Lines to stdout')
    .action((words, options) => list(words, options, context))
}

interface ListOptions {
  readonly region?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  readonly extra?: true | undefined
  readonly json?: true | undefined
}

async function list(
  words: readonly string[],
  { region, exclude, extra, json }: ListOptions,
  context: Pick<CommandContext, 'stdout' | 'stderr'>,
): Promise<void> {
  const continents = region?.map(continentOf)
  const matching = (known: readonly Country[]) =>
    searchCountries(words, known).filter(
      ({ continent }) => !continents || continents.includes(continent ?? ''),
    )
  const found = matching(extra ? countries : isoCountries)
  if (found.length === 0) throw new UsageError(noMatch(words.join(' '), matching(countries)[0]))
  const codes = found.map(({ code }) => code)
  const { left, unused } = withoutExcluded(codes, exclude, '--exclude')
  await writeNotes(exclusionNotes(unused), context)
  for (const country of found.filter(({ code }) => left.includes(code))) {
    const line = json ? JSON.stringify(countryFacts(country)) : `${country.code}\t${country.name}`
    await context.stdout.write(`${line}\n`)
  }
}

/** @param withExtra a match among the flags that only `--extra` lists */
function noMatch(text: string, withExtra: Country | undefined): string {
  const continent = findContinent(text)
  const problem = `no flag matches '${text}'`
  if (continent) return `${problem}; for the continent, use --region ${shellQuoted(continent)}`
  return withExtra ? `${problem}; with --extra: ${codeWithName(withExtra)}` : problem
}

function countryFacts({ code, alpha3, numeric, name, continent }: Country) {
  return { code, alpha2: code, alpha3, numeric, name, continent, emoji: emojiOf(code) }
}

/** The flag of a two-letter code as Unicode has it: a pair of regional indicators; null for others. */
function emojiOf(code: string): string | null {
  if (!/^[A-Z]{2}$/.test(code)) return null
  const firstIndicator = 0x1f1e6
  const letters = [...code].map((letter) => letter.charCodeAt(0) - 'A'.charCodeAt(0))
  return String.fromCodePoint(...letters.map((letter) => firstIndicator + letter))
}

/** `flags servers` */
export function serversCommand(context: CommandContext) {
  return createCommand('servers', context, {
    summary: 'list the built-in servers',
    description: 'List the labels that --server accepts, with formats, widths, and licenses.',
    examples: [
      ['flags servers', 'a table'],
      ['flags servers --json | jq -r .label', 'only the labels, with jq'],
    ],
    exitStatus: { ok: 'the list was printed' },
  })
    .option('--json', 'print JSON Lines to stdout')
    .action(async ({ json }) => {
      const lines = json
        ? servers.map((server) => JSON.stringify(serverFacts(server)))
        : serverTable()
      await context.stdout.write(`${lines.join('\n')}\n`)
    })
}

function serverFacts(server: Server) {
  const { label, description, templates, widths, license } = server
  return { label, description, formats: formatsOfServer(server), widths, license, templates }
}

const serverTitles = ['LABEL', 'FORMATS', 'WIDTHS', 'LICENSE', 'SERVER']

function serverTable(): string[] {
  const rows = [serverTitles, ...servers.map(serverRow)]
  const widths = serverTitles.map((_title, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function serverRow(server: Server): string[] {
  const { label, description, widths, license } = server
  return [label, formatsOfServer(server).join(' '), widths.join(' ') || '-', license, description]
}
