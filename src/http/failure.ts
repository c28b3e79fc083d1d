import { STATUS_CODES } from 'node:http'

/** What went wrong with one GET, as facts. The words for people are made below, once. */
export type FailureFacts =
  /** The attempt took longer than it may. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** No whole HTTP response came: DNS, TCP, TLS, or garbled bytes. `code` is Node's or undici's. */
  | { readonly kind: 'network'; readonly code: string; readonly detail: string }
  /** A whole response came, but not the one asked for. */
  | { readonly kind: 'http'; readonly statusCode: number; readonly problem?: HttpProblem }
  /** The body is not what it should be. */
  | { readonly kind: 'content'; readonly problem: ContentProblem }

/** Why a response is of no use, where its status code alone does not say it. */
export type HttpProblem =
  | { readonly reason: 'no_location' }
  | { readonly reason: 'bad_location'; readonly location: string }
  | { readonly reason: 'redirect_loop'; readonly location: string }
  | { readonly reason: 'too_many_redirects'; readonly max: number }
  /** It is the answer of a proxy to the wish for a tunnel: the server was not asked. */
  | { readonly reason: 'from_proxy'; readonly proxy: string }
  | { readonly reason: 'retry_too_late'; readonly afterMs: number; readonly maxMs: number }

/** What is wrong with a body. */
export type ContentProblem =
  | {
      readonly reason: 'empty' | 'wrong_format' | 'truncated' | 'damaged'
      /** Of the image that was expected. */
      readonly format?: string | undefined
    }
  | { readonly reason: 'too_large'; readonly maxBytes: number }
  | { readonly reason: 'unknown_coding'; readonly coding: string }

/** A failure: its facts and one line for people. */
export type Failure = FailureFacts & { readonly message: string }

/** Makes a failure of its facts: the only place where words are made of them. */
export function failure(facts: FailureFacts): Failure {
  return { ...facts, message: describe(facts) }
}

function describe(facts: FailureFacts): string {
  switch (facts.kind) {
    case 'timeout':
      return `no complete answer within ${seconds(facts.timeoutMs)}`
    case 'network':
      return facts.detail.includes(facts.code) ? facts.detail : `${facts.detail} (${facts.code})`
    case 'http': {
      const status = `${facts.statusCode} ${reasonPhrase(facts.statusCode)}`.trim()
      return facts.problem ? `${status}: ${describeHttp(facts.problem)}` : status
    }
    case 'content':
      return describeContent(facts.problem)
  }
}

function describeHttp(problem: HttpProblem): string {
  switch (problem.reason) {
    case 'no_location':
      return 'a redirect without a Location'
    case 'bad_location':
      return `a redirect to '${problem.location}', which is no http or https URL`
    case 'redirect_loop':
      return `a redirect back to ${problem.location}`
    case 'too_many_redirects':
      return `more than ${problem.max} redirects`
    case 'from_proxy':
      return `the answer of the proxy ${problem.proxy}`
    case 'retry_too_late':
      return `asks to wait ${seconds(problem.afterMs)}, more than the ${seconds(problem.maxMs)} allowed`
  }
}

function describeContent(problem: ContentProblem): string {
  switch (problem.reason) {
    case 'empty':
      return 'the body is empty'
    case 'wrong_format':
      return `the body is not a ${problem.format?.toUpperCase()} image`
    case 'truncated':
      return 'the image is truncated'
    case 'damaged':
      return 'the body is damaged'
    case 'unknown_coding':
      return `the body is coded as '${problem.coding}', which was not asked for`
    case 'too_large':
      return `the body is larger than ${problem.maxBytes} bytes`
  }
}

/** Our own words for a status code, not the server's: what it sends is not to be trusted. */
function reasonPhrase(statusCode: number): string {
  // RFC 2324 writes the pot small; Node's table does not.
  return statusCode === 418 ? "I'm a teapot" : (STATUS_CODES[statusCode] ?? '')
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
