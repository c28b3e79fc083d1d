/** The user asked for something that cannot be: exit status 2. Its message is one clear line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
