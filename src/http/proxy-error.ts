/**
 * A proxy could not be reached (`cause`), or refused to make a tunnel (`statusCode`): the server was
 * not even asked. It has no `code` of its own, as undici takes an error with some codes for a reason
 * to connect again at once, and for ever.
 */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'

  /** `proxy` is its host and port. */
  constructor(
    readonly proxy: string,
    readonly statusCode: number | undefined,
    options?: ErrorOptions,
  ) {
    super(`proxy ${proxy}`, options)
  }
}
