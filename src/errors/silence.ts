import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class SilenceNotFoundError extends UserError {
  override name = 'SilenceNotFoundError'
  constructor({ id, known }: { id: string; known: readonly string[] }) {
    super(`There is no silence ${quote(id)}.`, {
      hint: known.length > 0 ? `Silences: ${known.join(', ')}.` : 'Nothing is silenced.',
    })
  }
}
