import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** A chat takes no more for a while: nothing was posted. */
export class ChatBusyError extends UserError {
  override readonly name = 'ChatBusyError'
  readonly retryAfterSeconds: number

  constructor({ chat, retryAfterSeconds }: { chat: string; retryAfterSeconds: number }) {
    super(`The chat ${quote(chat)} takes no more messages for ${retryAfterSeconds} s.`, {
      hint: 'Nothing is lost: it is tried again by itself.',
    })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A chat will not take a message until a person mends something: nothing was posted, and it is tried again. */
export class ChatRefusedError extends UserError {
  override readonly name = 'ChatRefusedError'
  /** A channel that is gone or closed to the bot, or the whole chat: a token that was revoked. */
  readonly scope: 'channel' | 'chat'

  constructor({
    channel,
    scope,
    reason,
    hint,
  }: {
    channel: string
    scope: 'channel' | 'chat'
    /** What the platform says, as the end of a sentence. */
    reason: string
    hint: string
  }) {
    super(`Nothing reaches ${quote(channel)}: ${reason}.`, { hint })
    this.scope = scope
  }
}
