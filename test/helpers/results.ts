import type { FlagResult, Summary } from '../../src/download/result.js'
import { failure } from '../../src/http/failure.js'

const timing = { attempts: 1, durationMs: 12 }
const flag = (code: string) => ({ code, url: `http://h/${code}.gif` })

/** A result of each status, as a run reports them. */
export const results = {
  saved: { status: 'saved', ...flag('BR'), path: 'out/br.gif', bytes: 999, ...timing },
  unchanged: { status: 'unchanged', ...flag('CN'), path: 'out/cn.gif', bytes: 5, ...timing },
  notFound: { status: 'not_found', ...flag('XX'), ...timing },
  failed: {
    status: 'failed',
    ...flag('IN'),
    ...timing,
    failure: failure({ kind: 'network', code: 'ECONNREFUSED', detail: 'refused' }),
  },
} as const satisfies Record<string, FlagResult>

/** The first attempt for a flag, which ended. */
export const attempt = { ...flag('BR'), attempt: 1, maxAttempts: 4, durationMs: 12.4 }

export const response = {
  ...{ url: 'http://h/BR.gif', statusCode: 200, bytes: 9, headers: {} },
  ...{ firstByteMs: 2.6, durationMs: 4.4 },
}

/** The summary of a run that saved one flag. */
export const oneSaved: Summary = {
  server: 'local',
  output: 'out',
  concurrency: 5,
  total: 1,
  selected: 1,
  saved: 1,
  unchanged: 0,
  notFound: 0,
  failed: 0,
  bytes: 999,
  durationMs: 1236,
  exitCode: 0,
}
