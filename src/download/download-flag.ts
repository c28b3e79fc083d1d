import type { LimitFunction } from 'p-limit'
import { findCountry } from '../countries/country.js'
import type { FlagFolder } from '../store/folder.js'
import type { FlagRecord } from '../store/manifest.js'
import { attempt, type Outcome } from './attempt.js'
import { type Client, type Fetched, fetchWithRetries } from './fetch-with-retries.js'
import { type Naming, nameByCode, nameByCountry } from './naming.js'
import type { Origin } from './origin.js'
import type { FlagResult } from './result.js'

/** What every flag of a run shares. */
export interface Run {
  readonly origin: Origin
  readonly folder: FlagFolder
  /** The semaphore. A slot is held for the network only: one request and its retries. */
  readonly limit: LimitFunction
  readonly client: Client
  readonly stop: AbortController
}

/** Downloads one flag: names it, fetches it, saves it, one after the other. */
export async function downloadFlag(code: string, run: Run): Promise<FlagResult> {
  const { origin, limit, client } = run
  const { dispatcher, settings, signal } = client
  const url = origin.urlFor(code)

  const isByCountry = settings.nameBy === 'country'
  const naming = isByCountry ? await nameByCountry(code, url, run) : nameByCode(code)
  const record = await recordFor(code, naming.file, run)
  // The concurrent line: as many fetches as the semaphore has slots. All else waits for nobody.
  const fetched = await limit(() =>
    fetchWithRetries(url, client, () => attempt(dispatcher, url, record, settings, signal)),
  )
  return settle(code, url.href, naming, fetched, run)
}

/** The record of the flag in place, if it is of this file and this server, and still holds. */
async function recordFor(
  code: string,
  file: string,
  { origin, folder, client }: Run,
): Promise<FlagRecord | undefined> {
  const record = client.settings.force ? undefined : await folder.recordOf(code)
  return record?.file === file && record.source === origin.source ? record : undefined
}

/** Saves what was fetched, if that is a flag, and says how it ended. */
async function settle(
  code: string,
  url: string,
  { file, country, note }: Naming,
  { outcome, attempts, startedAt }: Fetched<Outcome>,
  { origin, folder }: Run,
): Promise<FlagResult> {
  const path = folder.pathOf(file)
  const effort = () => ({
    attempts,
    durationMs: Math.round(performance.now() - startedAt),
  })
  const why = note === undefined ? {} : { note }
  switch (outcome.kind) {
    case 'gif': {
      const { kind, body, ...facts } = outcome
      await folder.save(code, body, {
        file,
        url,
        source: origin.source,
        ...facts,
        fetched: new Date().toISOString(),
        country: country ?? findCountry(code)?.name,
      })
      return { code, status: 'saved', url, path, bytes: body.length, ...effort(), ...why }
    }
    case 'not_modified':
      return {
        code,
        status: 'unchanged',
        url,
        path,
        bytes: outcome.record.bytes,
        ...effort(),
        ...why,
      }
    case 'not_found':
      return { code, status: 'not_found', url, ...effort() }
    case 'failed':
      return { code, status: 'failed', url, ...effort(), failure: outcome.failure }
  }
}
