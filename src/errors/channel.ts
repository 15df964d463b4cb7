import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class NotSubscribedError extends UserError {
  override name = 'NotSubscribedError'
  constructor({ caseId, known }: { caseId: string; known: readonly string[] }) {
    super(`This channel has not subscribed to ${quote(caseId)}.`, {
      hint: known.length > 0 ? `It has to: ${known.join(', ')}.` : 'It has subscribed to nothing.',
    })
  }
}

export class UnknownTimeZoneError extends UserError {
  override name = 'UnknownTimeZoneError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is no time zone.`, { hint: 'Write it as Asia/Seoul or Europe/Paris.' })
  }
}

/** Only a role or user group of the same platform can be called. */
export class InvalidPageError extends UserError {
  override name = 'InvalidPageError'
  constructor({ text, chat }: { text: string; chat: string }) {
    const hints: Record<string, string> = {
      slack: 'Pick a user group such as @oncall, which Slack turns into its id.',
      discord: 'Pick a role such as @oncall, which Discord turns into its id.',
    }
    super(`${quote(text)} is nobody who can be called in this channel.`, {
      hint: hints[chat] ?? 'This chat has no roles: subscribe in Slack or Discord.',
    })
  }
}

/** A chat that has no channels or threads to make. */
export class NoRoomsError extends UserError {
  override name = 'NoRoomsError'
  constructor({ chat, kind }: { chat: string; kind: string }) {
    super(`A ${kind} cannot be made in ${quote(chat)}.`, {
      hint: 'Leave out in: and the case is bound to this channel.',
    })
  }
}
