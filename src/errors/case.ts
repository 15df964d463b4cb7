import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** What was followed so far belongs to other facts than those given now. */
export class CaseChangedError extends UserError {
  override name = 'CaseChangedError'
  constructor({ caseId }: { caseId: string }) {
    super(`The case ${quote(caseId)} was opened with another chain, start or other sources.`, {
      hint: 'Put back what was there, give the changed case an id of its own, or name another database.',
    })
  }
}

/** Money has come from nowhere or vanished: nothing of it is saved. */
export class UnbalancedLedgerError extends UserError {
  override name = 'UnbalancedLedgerError'
  constructor({ caseId, asset, policy }: { caseId: string; asset: string; policy: string }) {
    super(
      `The books of the case ${quote(caseId)} in ${quote(asset)} would not balance under ${policy}.`,
      { hint: 'Nothing of that block was saved. Please report it with the log.' },
    )
  }
}
