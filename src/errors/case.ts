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

/** Nobody watched what must be known now. */
export class MissingHistoryError extends UserError {
  override name = 'MissingHistoryError'
  override retryable = true
  constructor({ caseId }: { caseId: string }) {
    super(`The case ${quote(caseId)} must be read again and no node of its chain is known.`, {
      hint: 'Add one under "chains" of the settings; its figures stay incomplete until then.',
    })
  }
}

export class CaseExistsError extends UserError {
  override name = 'CaseExistsError'
  constructor({ caseId }: { caseId: string }) {
    super(`There is a case ${quote(caseId)} already.`, {
      hint: 'Choose another name, or reopen that one with /posse case reopen.',
    })
  }
}

export class UnknownChainError extends UserError {
  override name = 'UnknownChainError'
  /** Without a chain nobody reads any. */
  constructor({ chain, known }: { chain?: string; known: readonly string[] }) {
    const what = chain === undefined ? 'any chain' : `the chain ${quote(chain)}`
    super(`Nobody reads ${what} here.`, {
      hint:
        known.length > 0
          ? `Followed here: ${known.join(', ')}.`
          : 'Name its nodes under "chains" of the settings; a replay follows its own case alone.',
    })
  }
}

export class TransactionNotFoundError extends UserError {
  override name = 'TransactionNotFoundError'
  constructor({ transaction, chain }: { transaction: string; chain: string }) {
    super(`The chain ${quote(chain)} has no transaction ${quote(transaction)}.`, {
      hint: 'Copy the hash again from an explorer, and check that it is of this chain.',
    })
  }
}

/** What a source does not hold cannot have been stolen to it. */
export class NotHeldError extends UserError {
  override name = 'NotHeldError'
  constructor({
    address,
    amount,
    held,
    block,
  }: { address: string; amount: string; held: string; block: number }) {
    super(
      `${quote(address)} held ${quote(held)} at the end of block ${block} and not ${quote(amount)}.`,
      {
        hint: 'Name the transaction of the theft behind it (ADDRESS=AMOUNT@TX), or the addresses that hold it now.',
      },
    )
  }
}

/** On a chain of coins an address says too little: which of its coins is meant, only a transaction says. */
export class CoinsNotNamedError extends UserError {
  override name = 'CoinsNotNamedError'
  constructor({ address }: { address: string }) {
    super(`Which coins of ${quote(address)} were stolen is not said.`, {
      hint: 'Name the transaction of the theft behind the amount: ADDRESS=AMOUNT@TX.',
    })
  }
}

export class NoCandidateError extends UserError {
  override name = 'NoCandidateError'
  constructor({ transaction, caseId }: { transaction: string; caseId: string }) {
    super(
      `${quote(transaction)} is no candidate for what came out of a bridge in ${quote(caseId)}.`,
      {
        hint: `/posse trail ${caseId} lists what waits and what may have come out.`,
      },
    )
  }
}

export class CaseStateError extends UserError {
  override name = 'CaseStateError'
  constructor({ caseId, state }: { caseId: string; state: 'open' | 'closed' }) {
    super(`The case ${quote(caseId)} is ${state} already.`, {
      hint: 'Nothing was changed. All cases: /posse case list.',
    })
  }
}
