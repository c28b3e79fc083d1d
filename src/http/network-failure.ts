import { type Failure, failure } from './failure.js'
import { networkWords } from './network-words.js'
import { ProxyError } from './proxy-error.js'

/**
 * What an error means that came in place of a whole response. `timeout` is what it means where it
 * says no more than that the time was over.
 */
export function networkFailure(error: unknown, timeout: Failure): Failure {
  if (error instanceof ProxyError && error.statusCode !== undefined) {
    const problem = { reason: 'from_proxy', proxy: error.proxy } as const
    return failure({ kind: 'http', statusCode: error.statusCode, problem })
  }
  const { code, message } = innermost(error)
  if (timeoutCodes.has(code)) return timeout
  if (isProxyAuthentication(code, message)) return failure({ kind: 'http', statusCode: 407 })
  const words = networkWords(code) ?? message
  const detail = error instanceof ProxyError ? `proxy ${error.proxy}: ${words}` : words
  return failure({ kind: 'network', code, detail })
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** undici makes an error of this one answer of a proxy, and keeps its status in the text alone. */
function isProxyAuthentication(code: string, message: string): boolean {
  return code === 'UND_ERR_INVALID_ARG' && message.includes('(407)')
}

/** undici wraps some errors, and Node the errors of several addresses in one AggregateError. */
function innermost(error: unknown): { code: string; message: string } {
  let inner = error as NodeJS.ErrnoException & { errors?: unknown[] }
  for (;;) {
    const next = inner.errors?.at(-1) ?? (inner.code ? undefined : inner.cause)
    if (!(next instanceof Error)) break
    inner = next
  }
  return { code: inner.code ?? inner.name, message: inner.message }
}
