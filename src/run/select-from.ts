import type { ListedWord } from '../selection/code-list.js'
import { type Selection, type SelectionRequest, selectCodes } from '../selection/select-codes.js'
import { readCodeList } from './read-code-list.js'

/** Spells out what a command line asks for: its words, of which `-` stands for stdin, and its file. */
export async function selectFrom(
  words: readonly string[],
  { from, ...request }: Omit<SelectionRequest, 'words'> & { from?: string | undefined },
  input: { readonly stdin: NodeJS.ReadStream; readonly signal: AbortSignal },
): Promise<Selection> {
  const given = words.filter((word) => word !== '-')
  const lists = new Set([
    ...(from === undefined ? [] : [from]),
    ...words.filter((word) => word === '-'),
  ])
  let listed: ListedWord[] = []
  for (const list of lists) listed = listed.concat(await readCodeList(list, input))
  return selectCodes({ ...request, words: [...given, ...listed] })
}
