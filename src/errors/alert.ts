import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class AlertNotFoundError extends UserError {
  override name = 'AlertNotFoundError'
  constructor({ handle, count }: { handle: string; count: number }) {
    super(
      count === 0
        ? `There is no alert ${quote(handle)}.`
        : `${quote(handle)} is the beginning of several alerts.`,
      {
        hint:
          count === 0
            ? 'Its eight digits stand on its card; what waits is listed by /posse alerts.'
            : 'Type more of its eight digits.',
      },
    )
  }
}

/** Somebody was quicker; two people may press a button at once. */
export class AlertTakenError extends UserError {
  override name = 'AlertTakenError'
  constructor({
    handle,
    name,
    isIrrelevant,
  }: { handle: string; name: string; isIrrelevant: boolean }) {
    const what = isIrrelevant ? 'has said that it is not relevant' : 'looks after it already'
    super(`You did not get the alert ${quote(handle)}: ${name} ${what}.`, {
      hint: `Take it over all the same: /posse ack ${handle}`,
    })
  }
}

/** Nothing is left of it to look after. */
export class AlertGoneError extends UserError {
  override name = 'AlertGoneError'
  constructor({ handle }: { handle: string }) {
    super(`The alert ${quote(handle)} was taken back: there is nothing to look after.`, {
      hint: 'What waits is listed by /posse alerts.',
    })
  }
}

/** Which one is meant must be said. */
export class NoAlertWaitsError extends UserError {
  override name = 'NoAlertWaitsError'
  constructor({ handles }: { handles: readonly string[] }) {
    super(
      handles.length === 0 ? 'No red alert waits.' : `${handles.length} or more red alerts wait.`,
      {
        hint:
          handles.length === 0
            ? 'Name another one by the digits on its card.'
            : `Name one: ${handles.map((handle) => `/posse ack ${handle}`).join(', ')}.`,
      },
    )
  }
}
