import { exitMeanings } from '../endings/exit-code.js'

/** What a command is for, and examples of it, as commander shows a description: right below the usage. */
export function withExamples(description: string, examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`)
  return [description, '', 'Examples:', ...lines].join('\n')
}

export type Example = readonly [line: string, meaning: string]

/** The variables beside those of the options, and the exit statuses: the end of download's help. */
export function downloadHelpEnd(): string {
  return ['', 'Environment:', ...table(variables), '', 'Exit status:', ...table(exitMeanings)].join(
    '\n',
  )
}

const variables: readonly Example[] = [
  ['FLAGS_…', 'an option, as named beside it; the command line goes before it'],
  ['HTTP_PROXY, HTTPS_PROXY', 'proxies; ALL_PROXY for both'],
  ['NO_PROXY', 'the hosts reached without'],
  ['NODE_EXTRA_CA_CERTS', 'a file of further certificate authorities'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, colour everywhere'],
]

/** Two columns, the second broken to fit 80 columns in all. */
function table(rows: readonly Example[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.flatMap(([left, right]) =>
    broken(right, 80 - width - 4).map(
      (line, index) => `  ${(index === 0 ? left : '').padEnd(width)}  ${line}`,
    ),
  )
}

function broken(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines
}
