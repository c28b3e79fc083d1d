import { continents, isoCountries } from '../countries/country.js'
import { serverLabels } from '../sources/source.js'
import type { Values } from './program.js'

/** What stands for a placeholder of the help, such as `dir` in `--output <dir>`. */
export function valuesOf(placeholder: string): Values {
  return byPlaceholder.get(placeholder) ?? { kind: 'anything' }
}

export function words(texts: readonly string[]): Values {
  return { kind: 'words', words: texts.map((text) => ({ text })) }
}

const byPlaceholder: ReadonlyMap<string, Values> = new Map<string, Values>([
  ['label or url', words(serverLabels)],
  ['continent', words(continents)],
  [
    'codes',
    {
      kind: 'words',
      words: isoCountries.map(({ code, name }) => ({ text: code, description: name })),
    },
  ],
  ['dir', { kind: 'folders' }],
  ['file', { kind: 'files' }],
])
