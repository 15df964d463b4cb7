import type { Context } from '#src/context.ts'
import type { Address, Transaction } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'

/** Accounts that memory keeps at hand for one ledger before it starts afresh. */
export const accountsAtHand = 10_000

/** Brings what the store knows of some addresses, or of those in some transactions, into the ledgers of a case. */
export async function loadAccounts(
  { store }: Pick<Context, 'store'>,
  open: OpenCase,
  what: readonly Address[] | readonly Transaction[],
  { maxAtHand = accountsAtHand }: { maxAtHand?: number } = {},
): Promise<void> {
  if (what.length === 0) return
  const ledgers = [...open.trail.ledgers.values()]
  if (ledgers.some(({ accounts, dust }) => accounts.size + dust.size > maxAtHand)) {
    for (const ledger of ledgers) {
      ledger.accounts.clear()
      ledger.dust.clear()
    }
  }
  const wanted = new Set(
    what.flatMap((item) => (typeof item === 'string' ? item : partiesOf(item))),
  )
  const addresses = [...wanted].filter((address) =>
    ledgers.some(({ accounts }) => !accounts.has(address)),
  )
  if (addresses.length === 0) return
  for (const saved of await store.readAccounts(open.case.id, addresses)) {
    const ledger = open.trail.ledgers.get(saved.asset)
    // What is at hand is as new as what was saved.
    for (const account of saved.accounts) {
      if (!ledger?.accounts.has(account.address)) ledger?.accounts.set(account.address, account)
    }
    for (const { address, amount } of saved.dust) {
      if (!ledger?.dust.has(address)) ledger?.dust.set(address, amount)
    }
  }
}

function partiesOf({ transfers, coins, fee }: Transaction): Address[] {
  const parties = transfers.flatMap(({ from, to }) => [from, to])
  if (coins) parties.push(...[...coins.spent, ...coins.made].map(({ address }) => address))
  return fee ? [...parties, fee.from] : parties
}
