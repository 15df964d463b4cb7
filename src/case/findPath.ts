import type { Context } from '#src/context.ts'
import type { Address, AssetId } from '#types/chain.ts'
import type { Account } from '#types/trail.ts'

/** Steps that a path is followed back: longer ones say where they break off. */
const maxSteps = 60

/** From a source to an address, by who first paid stolen value to whom. */
export type PathBack = { steps: Account[]; isWhole: boolean }

/** The way by which stolen value first came to an account, the source first. */
export async function findPath(
  { store }: Pick<Context, 'store'>,
  { caseId, asset, account }: { caseId: string; asset: AssetId; account: Account },
): Promise<PathBack> {
  const steps = [account]
  const seen = new Set<Address>([account.address])
  let payer = account.firstPayer
  while (payer !== null && steps.length < maxSteps && !seen.has(payer)) {
    seen.add(payer)
    const ledgers = await store.readAccounts(caseId, [payer])
    const before = ledgers.find((ledger) => ledger.asset === asset)?.accounts[0]
    if (!before) return { steps: steps.reverse(), isWhole: false }
    steps.push(before)
    payer = before.firstPayer
  }
  return { steps: steps.reverse(), isWhole: payer === null }
}
