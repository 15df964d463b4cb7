import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** Nothing stolen is known to have come there, so that there is nothing to prove. */
export class NoWayThereError extends UserError {
  override name = 'NoWayThereError'
  constructor({ address, caseId }: { address: string; caseId: string }) {
    super(`No stolen value of the case ${quote(caseId)} came to ${quote(address)}.`, {
      hint: 'Ask /posse lookup what is known of it, and name the case with case:ID.',
    })
  }
}

/** A theft's own address needs no way to it. */
export class IsSourceError extends UserError {
  override name = 'IsSourceError'
  constructor({ address, caseId }: { address: string; caseId: string }) {
    super(`The trail of the case ${quote(caseId)} begins at ${quote(address)}.`, {
      hint: 'Ask for evidence of an address that it leads to.',
    })
  }
}

export class EvidenceTooLargeError extends UserError {
  override name = 'EvidenceTooLargeError'
  constructor({ address, what }: { address: string; what: string }) {
    super(`The way to ${quote(address)} has ${what}, more than one packet holds.`, {
      hint: 'Ask for evidence of an address before it, where fewer ways meet.',
    })
  }
}

export class NoEvidenceKeyError extends UserError {
  override name = 'NoEvidenceKeyError'
  constructor() {
    super('This house has no key to sign evidence with.', {
      hint: 'Make one with "posse org keygen FILE" and name it in the settings under evidence.',
    })
  }
}

/** Posse is not following the chain now, and the balances at both ends must be asked of it. */
export class NoReaderError extends UserError {
  override name = 'NoReaderError'
  constructor({ chain }: { chain: string }) {
    super(`No node of the chain ${quote(chain)} is known.`, {
      hint: 'Add one to the settings and ask again.',
    })
  }
}

export class NotAPacketError extends UserError {
  override name = 'NotAPacketError'
  constructor({ file, reason, cause }: { file: string; reason: string; cause?: unknown }) {
    super(`The file ${quote(file)} is no packet of evidence: ${reason}.`, {
      hint: 'Take the .json file as it was sent; nothing of it was checked.',
      cause,
    })
  }
}

/** A node does not know, or not any more; what is asked is not wrong for that. */
export class CannotCheckError extends UserError {
  override name = 'CannotCheckError'
  constructor(reason: string) {
    super(`The node cannot say: ${reason}.`, { hint: 'Ask one that keeps the whole history.' })
  }
}

/** A block was undone while evidence was gathered of it. */
export class ChainMovedError extends UserError {
  override name = 'ChainMovedError'
  override retryable = true
  constructor({ block }: { block: number }) {
    super(`Block "${block}" is another one now than was followed.`, {
      hint: 'Ask again once the reorganization has been followed.',
    })
  }
}

export class StillRetracedError extends UserError {
  override name = 'StillRetracedError'
  override retryable = true
  constructor(caseId: string) {
    super(`The case ${quote(caseId)} is being worked out again since a decision.`, {
      hint: 'Ask again once /posse status says no more that it is incomplete.',
    })
  }
}

export class EvidenceThroughSwapError extends UserError {
  override name = 'EvidenceThroughSwapError'
  constructor(address: string) {
    super(`What came to ${quote(address)} came out of a swap, through which no packet goes yet.`, {
      hint: 'Ask for the address that gave it in the swap, and name the transaction of the swap beside that.',
    })
  }
}

export class EvidenceOverBridgeError extends UserError {
  override name = 'EvidenceOverBridgeError'
  constructor(address: string) {
    super(`What came to ${quote(address)} came over a bridge, through which no packet goes yet.`, {
      hint: 'Ask for the address that paid the bridge on the other chain, and name the transaction that paid out beside that.',
    })
  }
}

export class EvidenceOfWithdrawalsError extends UserError {
  override name = 'EvidenceOfWithdrawalsError'
  constructor(address: string) {
    super(
      `Validators paid out to ${quote(address)}, which no transaction shows: no packet is made.`,
      {
        hint: 'Ask for an address before it on the trail.',
      },
    )
  }
}

export class EvidenceOfCoinsError extends UserError {
  override name = 'EvidenceOfCoinsError'
  constructor(chain: string) {
    super(`On ${quote(chain)} value is followed coin by coin, of which no packet is made yet.`, {
      hint: 'Name the transactions from /posse lookup instead.',
    })
  }
}

export class EvidenceInSharesError extends UserError {
  override name = 'EvidenceInSharesError'
  constructor(symbol: string) {
    super(`The token ${quote(symbol)} is followed in shares, of which no packet is made yet.`, {
      hint: 'Name the transactions from /posse lookup instead.',
    })
  }
}
