import { download, type Observer } from '../download/download.js'
import type { FlagResult } from '../download/result.js'
import { fillSettings, type Settings } from '../download/settings.js'
import { UsageError } from '../endings/usage-error.js'
import { asCode } from '../selection/select-codes.js'
import { openOrigin } from './origin.js'

/** Settings, each with its default, and what else a run can be given. */
export interface DownloadOptions extends Partial<Settings>, Observer {
  /** Aborting it ends the run: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Downloads the flags of these country codes (ISO 3166-1 alpha-2, either case) and yields how each
 * ended, in the order of completion. Codes are taken as they come, as far ahead as there are slots.
 *
 * Leaving the loop early stops the downloads. However it ends, what was saved is recorded in the
 * folder's `flags.json` and nothing half-written is left.
 *
 * @throws UsageError for a code, a server or a number that cannot be.
 * @throws RunError where the folder cannot be written to.
 */
export async function* downloadFlags(
  codes: Iterable<string>,
  { signal = new AbortController().signal, onWait, onNotice, ...given }: DownloadOptions = {},
): AsyncGenerator<FlagResult, void, undefined> {
  const settings = fillSettings(given)
  const origin = await openOrigin(settings.server)
  try {
    yield* download(upperCased(codes), origin, settings, signal, { onWait, onNotice })
  } finally {
    await origin.close()
  }
}

function* upperCased(codes: Iterable<string>): Generator<string> {
  for (const code of codes) {
    const upper = asCode(String(code))
    if (!upper) throw new UsageError(`bad country code '${code}': give two letters (BR)`)
    yield upper
  }
}
