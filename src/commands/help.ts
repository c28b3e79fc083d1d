import { Help } from '@commander-js/extra-typings'
import { exitMeanings } from '../exit-codes.js'

/** A term of the help and its explanation: a command line, a variable, an exit status. */
export type HelpItem = readonly [term: string, text: string]

/** A description with examples below it. */
export function withExamples(description: string, examples: readonly HelpItem[]): string {
  return [description, '', ...section('Examples:', examples)].join('\n')
}

/** The end of download's help: variables that are not of one option, and the exit statuses. */
export function downloadHelpEnd(): string {
  return [
    '',
    ...section('Environment:', variables),
    '',
    ...section('Exit status:', exitMeanings),
  ].join('\n')
}

const variables: readonly HelpItem[] = [
  ['FLAGS_…', 'the option beside which it stands; the command line takes precedence'],
  ['HTTP_PROXY, HTTPS_PROXY', 'proxies; ALL_PROXY for both'],
  ['NO_PROXY', 'the hosts reached without a proxy'],
  ['NODE_EXTRA_CA_CERTS', 'a file of additional certificate authorities'],
  ['NO_COLOR, FORCE_COLOR', 'no color, color everywhere'],
]

/** Two columns, wrapped to 80, as commander lays out its own sections. */
function section(title: string, items: readonly HelpItem[]): string[] {
  const help = new Help()
  help.prepareContext({ helpWidth: 80 })
  const width = Math.max(...items.map(([term]) => term.length))
  return [title, ...items.map(([term, text]) => help.formatItem(term, width, text, help))]
}
