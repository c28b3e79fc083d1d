import { formatNames, type ImageFormat } from '../images/format.js'

/**
 * Why a request failed, as facts.
 *
 * @example
 * import type { FailureFacts } from 'flag-downloader'
 *
 * const statusOf = (facts: FailureFacts) => (facts.kind === 'http' ? facts.statusCode : undefined)
 */
export type FailureFacts =
  /** The attempt exceeded its time limit. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** No whole HTTP response arrived: DNS, TCP, TLS, or malformed bytes. `code` is Node's or undici's. */
  | { readonly kind: 'network'; readonly code: string; readonly detail: string }
  /** A whole response arrived, but not the requested one. */
  | { readonly kind: 'http'; readonly statusCode: number; readonly problem?: HttpProblem }
  /** The body is not what it should be. */
  | { readonly kind: 'content'; readonly problem: ContentProblem }

/**
 * Why a response is unusable, where its status code alone does not say it.
 *
 * @example
 * import type { HttpProblem } from 'flag-downloader'
 *
 * const isFromProxy = ({ reason }: HttpProblem) => reason === 'from_proxy'
 */
export type HttpProblem =
  | { readonly reason: 'no_location' }
  | { readonly reason: 'bad_location'; readonly location: string }
  | { readonly reason: 'redirect_loop'; readonly location: string }
  | { readonly reason: 'too_many_redirects'; readonly max: number }
  /** It is a proxy's answer to CONNECT: the request did not reach the server. */
  | { readonly reason: 'from_proxy' }
  | { readonly reason: 'retry_too_late'; readonly afterMs: number; readonly maxMs: number }

/**
 * What is wrong with a body.
 *
 * @example
 * import type { ContentProblem } from 'flag-downloader'
 *
 * const isTruncated = ({ reason }: ContentProblem) => reason === 'truncated'
 */
export type ContentProblem =
  | {
      readonly reason: 'empty' | 'truncated' | 'damaged'
      /** Of the expected image. */
      readonly format?: ImageFormat
    }
  | { readonly reason: 'wrong_format'; readonly format: ImageFormat }
  | { readonly reason: 'too_large'; readonly maxBytes: number }
  | { readonly reason: 'unknown_coding'; readonly coding: string }
  | { readonly reason: 'too_many_codings'; readonly max: number }

/**
 * A failure: its facts, and one line for people.
 *
 * @example
 * import type { Failure } from 'flag-downloader'
 *
 * const textOf = ({ kind, message }: Failure) => `${kind}: ${message}`
 */
export type Failure = FailureFacts & { readonly message: string }

/** The way that a request took, if it was not direct. */
export interface Route {
  /** The URL that the last redirect led to. */
  readonly redirectedTo?: string | undefined
  /** The host and port of the proxy. */
  readonly proxy?: string | undefined
}

/** Makes a failure from its facts: the only place where they become words. */
export function failure(facts: FailureFacts, { redirectedTo, proxy }: Route = {}): Failure {
  const redirect = redirectedTo === undefined ? '' : `, after a redirect to ${redirectedTo}`
  const through = proxy === undefined ? '' : `, through the proxy ${proxy}`
  return { ...facts, message: describe(facts) + redirect + through }
}

function describe(facts: FailureFacts): string {
  switch (facts.kind) {
    case 'timeout':
      return `no complete response within ${durationText(facts.timeoutMs)}`
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
      return 'redirect without a Location'
    case 'bad_location':
      return `redirect to '${clipped(problem.location)}', which is not an http or https URL`
    case 'redirect_loop':
      return `redirect loop to ${problem.location}`
    case 'too_many_redirects':
      return `more than ${problem.max} redirects`
    case 'from_proxy':
      return 'CONNECT refused'
    case 'retry_too_late':
      return `Retry-After is ${durationText(problem.afterMs)}, more than the ${durationText(problem.maxMs)} allowed`
  }
}

function describeContent(problem: ContentProblem): string {
  switch (problem.reason) {
    case 'empty':
      return 'the body is empty'
    case 'wrong_format':
      return `the body is not ${problem.format === 'svg' ? 'an' : 'a'} ${formatNames[problem.format]} image`
    case 'truncated':
      return 'the image is truncated'
    case 'damaged':
      return 'the body is damaged'
    case 'unknown_coding':
      return `unsupported content coding '${clipped(problem.coding)}'`
    case 'too_many_codings':
      return `more than ${problem.max} content codings`
    case 'too_large':
      return `the body is larger than ${problem.maxBytes} bytes`
  }
}

/** Our own reason phrase for a status code: the server's cannot be trusted. */
function reasonPhrase(statusCode: number): string {
  // RFC 2324 writes the pot small; Node's table does not.
  if (statusCode === 418) return "I'm a teapot"
  // Not imported: most runs never need Node's HTTP server and client, which are slow to load.
  return process.getBuiltinModule('node:http').STATUS_CODES[statusCode] ?? ''
}

/** `10 s`, `0.3 s`, `5 ms`: never rounded to 0. */
function durationText(ms: number): string {
  return ms < 100 ? `${Math.ceil(ms)} ms` : `${Math.round(ms / 100) / 10} s`
}

/** Shortens a text that a server sent. */
function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** A URL that may not be valid, without what may be a password: everything up to the last @. */
export function withoutPassword(url: string): string {
  const end = url.lastIndexOf('@')
  if (end === -1) return url
  const [protocol = ''] = /^\w+:\/*/.exec(url) ?? []
  return `${protocol}***${url.slice(end)}`
}
