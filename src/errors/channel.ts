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
