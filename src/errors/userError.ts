/**
 * An error whose sentence is meant for the person who caused it: what happened with the value in quotes, and as
 * `hint` what to do next. Anything else that is thrown is a fault of ours and is shown as an apology.
 */
export class UserError extends Error {
  override name = 'UserError'
  readonly hint: string | undefined
  /** Whether the same may succeed a little later without anybody doing anything. */
  readonly retryable: boolean = false

  constructor(message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    // An error with a cause of `undefined` would be logged as having one.
    super(message, cause === undefined ? {} : { cause })
    this.hint = hint
  }
}
