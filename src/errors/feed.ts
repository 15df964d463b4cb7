import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** A feed that cannot be used: what was in force stays. `where` is a host or a file's name, never a whole URL. */
export class FeedError extends UserError {
  override name = 'FeedError'
  override readonly retryable: boolean

  constructor({
    feed,
    where,
    reason,
    isPassing = false,
    cause,
  }: {
    feed: string
    where: string
    reason: string
    /** Whether it may be gone at the next reading. @default false */
    isPassing?: boolean
    cause?: unknown
  }) {
    super(`The feed ${quote(feed)} from ${quote(where)} cannot be used: ${reason}.`, {
      hint: 'What was in force stays; it is read again at its next turn.',
      cause,
    })
    this.retryable = isPassing
  }
}

export class FeedNotFoundError extends UserError {
  override name = 'FeedNotFoundError'
  constructor({ name, known }: { name: string; known: readonly string[] }) {
    super(`There is no feed ${quote(name)}.`, {
      hint: known.length > 0 ? `Feeds: ${known.join(', ')}.` : 'No feed stands in the settings.',
    })
  }
}

export class NothingProposedError extends UserError {
  override name = 'NothingProposedError'
  constructor({ name }: { name: string }) {
    super(`Nothing of the feed ${quote(name)} waits for a review.`, {
      hint: 'What is in force is shown by /posse labels list.',
    })
  }
}
