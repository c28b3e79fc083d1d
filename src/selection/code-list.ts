import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { findCountry } from '../countries.js'
import { shellQuoted, systemErrorText, UsageError } from '../errors.js'
import { codeWithName, findCode } from './find-code.js'
import {
  expandRequest,
  isKnown,
  type ListedWord,
  type Selection,
  type SelectionRequest,
} from './select-codes.js'

/** Where lists are read from, and the signal that interrupts reading. */
export interface ListInput {
  readonly stdin: NodeJS.ReadStream
  readonly signal: AbortSignal
}

/** The largest list that is read, in bytes. */
const maxListBytes = 1_000_000

/** Selects the codes of a command line: its arguments, of which `-` means stdin, and its `--from` files. */
export async function selectFromArgs(
  args: readonly string[],
  {
    from = [],
    ...request
  }: Omit<SelectionRequest, 'args'> & { from?: readonly string[] | undefined },
  input: ListInput,
): Promise<Selection> {
  const lists = new Set([...from, ...args.filter(isStdin)])
  const listed: ListedWord[] = []
  for (const list of lists) for (const code of await readCodeList(list, input)) listed.push(code)
  const given = args.filter((argument) => !isStdin(argument))
  return expandRequest({ ...request, args: [...given, ...listed] }, '--exclude')
}

function isStdin(argument: string): boolean {
  return argument === '-'
}

/**
 * Reads a list of codes from a file, or from stdin where its name is `-`. Throws UsageError if it cannot be
 * read, is too long or has no code, and if stdin is a terminal: users would not know that the program waits
 * for input.
 */
async function readCodeList(file: string, input: ListInput): Promise<ListedWord[]> {
  if (isStdin(file) && input.stdin.isTTY) {
    throw new UsageError(
      'stdin is a terminal: pipe codes into it, as in `flags list | flags download -`, or give them as arguments',
    )
  }
  const name = isStdin(file) ? 'stdin' : file
  const stream = isStdin(file) ? input.stdin : createReadStream(file)
  const codes = parseCodeList(await readAll(stream, name, input.signal), name)
  if (codes.length === 0) throw new UsageError(`no codes in ${name}`)
  return codes
}

async function readAll(stream: Readable, name: string, signal: AbortSignal): Promise<string> {
  try {
    // A read that never ends does not notice that its stream is destroyed.
    const aborted = once(signal, 'abort').then(() => '')
    const list = await Promise.race([readText(addAbortSignal(signal, stream), name), aborted])
    signal.throwIfAborted()
    return list
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UsageError) throw error
    throw new UsageError(`cannot read ${name}: ${systemErrorText(error)}`, { cause: error })
  }
}

async function readText(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    const data = Buffer.from(chunk)
    bytes += data.length
    if (bytes > maxListBytes) {
      throw new UsageError(`the list of codes in ${name} is longer than 1 MB`)
    }
    chunks.push(data)
  }
  return Buffer.concat(chunks).toString()
}

/**
 * Parses a list of codes and names: separated by commas, line ends or white space; `#` starts a comment
 * until the end of the line. A field between commas that is a name as a whole (`South Korea`) is one
 * entry, and so is a line of `flags list`, a code and its name. `name` is the list's, for error messages.
 */
export function parseCodeList(list: string, name: string): ListedWord[] {
  const lines = list.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  return lines.flatMap((line, index) => {
    const place = `${name}, line ${index + 1}`
    return fieldsOf(line.replace(/#.*/, '').trim()).map((text) => ({ text, place }))
  })
}

function fieldsOf(line: string): string[] {
  const [code = '', name] = line.split('\t')
  if (name !== undefined && findCountry(code)?.name === name) return [code]
  if (/\s/.test(line) && isKnown(line)) return [line]
  return line.split(',').flatMap((field) => {
    const text = field.trim()
    return /\s/.test(text) && !isKnown(text) ? text.split(/\s+/) : [text].filter(Boolean)
  })
}

/** Notes on the words of `--exclude` that leave out no flag. */
export function exclusionNotes(unused: readonly string[]): string[] {
  return unused.map((word) => {
    const found = findCode(word)
    const country = found.kind === 'code' ? findCountry(found.code) : undefined
    const why = country ? `: ${codeWithName(country)} is not selected` : ''
    return `--exclude ${shellQuoted(word)} leaves out no flag${why}`
  })
}
