import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { systemErrorText } from '../endings/run-error.js'
import { UsageError } from '../endings/usage-error.js'
import { type ListedWord, parseCodeList } from '../selection/code-list.js'

/**
 * Reads the codes that a file lists, or stdin where the name is `-`. Throws UsageError for a file that
 * cannot be read, for one without a code, and for a stdin that is a terminal: nobody would know that
 * the program waits.
 */
export async function readCodeList(
  file: string,
  input: { readonly stdin: NodeJS.ReadStream; readonly signal: AbortSignal },
): Promise<ListedWord[]> {
  if (file === '-' && input.stdin.isTTY) {
    throw new UsageError(
      'stdin is a terminal: pipe codes into it, as in `flags list | cut -f1 | flags download -`, or give them as arguments',
    )
  }
  const name = file === '-' ? 'stdin' : file
  const stream = file === '-' ? input.stdin : createReadStream(file)
  const words = parseCodeList(await readAll(stream, name, input.signal), name)
  if (words.length === 0) throw new UsageError(`no codes in ${name}`)
  return words
}

async function readAll(stream: Readable, name: string, signal: AbortSignal): Promise<string> {
  try {
    // A read that never ends does not see its stream destroyed.
    const aborted = once(signal, 'abort').then(() => '')
    const list = await Promise.race([text(addAbortSignal(signal, stream)), aborted])
    signal.throwIfAborted()
    return list
  } catch (error) {
    signal.throwIfAborted()
    throw new UsageError(`cannot read ${name}: ${systemErrorText(error)}`)
  }
}
