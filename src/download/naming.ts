import type { LimitFunction } from 'p-limit'
import { fileNameFrom } from '../store/file-name.js'
import type { FlagFolder } from '../store/folder.js'
import { type Client, fetchWithRetries } from './fetch-with-retries.js'
import { attemptMetadata } from './metadata.js'

/** What a flag's file is to be called. */
export interface Naming {
  readonly file: string
  /** The country's name, where the server said it. */
  readonly country?: string
  /** Why the file is called by the code, where it was to be called by the country. */
  readonly note?: string
}

/** Needs to ask nobody. */
export function nameByCode(code: string): Naming {
  return { file: fileNameOf(code) }
}

/** The name of a flag's file, by its code. */
export function fileNameOf(code: string): string {
  return `${code.toLowerCase()}.gif`
}

/**
 * Asks for the metadata beside a flag and names the file by the country in it. The request has a slot
 * of the semaphore to itself. Without a usable name the file is named by its code, with a note.
 */
export async function nameByCountry(
  code: string,
  flagUrl: URL,
  {
    folder,
    limit,
    client,
  }: { readonly folder: FlagFolder; readonly limit: LimitFunction; readonly client: Client },
): Promise<Naming> {
  const { dispatcher, settings, signal } = client
  const url = new URL('metadata.json', flagUrl)
  const { outcome } = await limit(() =>
    fetchWithRetries(url, client, () => attemptMetadata(dispatcher, url, code, settings, signal)),
  )
  const byCode = (note: string): Naming => ({ file: fileNameOf(code), note })
  switch (outcome.kind) {
    case 'failed':
      return byCode(`no metadata.json: ${outcome.failure.message}`)
    case 'no_country':
      return byCode(outcome.reason)
    case 'metadata': {
      const { country } = outcome
      const stem = fileNameFrom(country)
      if (stem === undefined) return byCode('metadata.json has no name that a file can have')
      return { file: folder.claim(stem, code), country }
    }
  }
}
