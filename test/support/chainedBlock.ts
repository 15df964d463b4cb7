import type { CaseChange } from '#types/openCase.ts'
import type { Account } from '#types/trail.ts'

/** A block of the case `id` that opens one account and tells of it; number -1 is the opening of the case. */
export function chainedBlock(number: number): CaseChange {
  const head = number < 0 ? null : { number, hash: `0x${number}`, time: number }
  const address = `0x${(number + 1).toString(16).padStart(40, '0')}`
  const account: Account = {
    address,
    received: 10n ** 20n,
    paid: 0n,
    fromCase: 1n,
    holdings: [{ amount: 1n, lots: [{ start: 0n, end: 1n }], first: 0, hops: 1 }],
    stop: null,
    reachedAt: number,
    activeAt: number,
    firstPayee: null,
    firstPayer: null,
    path: address,
    strangers: { day: 0, addresses: [] },
  }
  const books = {
    asset: 'eip155:1/slip44:60',
    stolen: 10n ** 24n,
    ...{
      fees: [0n],
      dropped: [0n],
      swappedIn: [0n],
      swappedOut: [0n],
      totals: new Map(),
      dust: new Map(),
    },
  }
  return {
    caseId: 'id',
    head,
    ledgers: [{ ...books, accounts: new Map([[address, account]]) }],
    ...{ hops: [], seen: [], groups: new Map(), told: [], forgotten: [] },
    timeline: [],
    tellings: [
      {
        alert: `a${number}`,
        revision: 1,
        message: { title: address, sections: [] },
        topic: 'moved',
        channels: ['slack', 'discord'],
      },
    ],
    undo: {
      ...(head ?? { number, hash: '', time: 0 }),
      ledgers: [{ ...books, accounts: new Map([[address, undefined]]) }],
      groups: new Map(),
    },
  }
}
