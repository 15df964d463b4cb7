import { contractChange } from '#src/case/contracts.ts'
import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { tellCases } from '#src/tellCases.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Asset, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Account } from '#types/trail.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { wholeOf } from '#utils/wholeOf.ts'

/** Addresses of a case that are looked at in one turn, those that hold most first. */
const maxAddresses = 200

/** Times that an address is read while blocks come in between. */
const maxTries = 3

/**
 * Compares what addresses on the trail hold with what is known of them, and says where value has left that no payment
 * showed. Nothing is booked elsewhere: where it went is not known.
 */
export async function reconcileBalances(context: Context): Promise<void> {
  for (const open of openCases(context)) {
    const reader = context.follower.readerOf(open.case.chain)
    // Coins are followed one by one: nothing leaves unseen.
    const isOfCoins = context.chains.get(open.case.chain)?.coins !== undefined
    if (!reader || !open.head || isOfCoins) continue
    for (const asset of open.case.assets) await reconcile(context, open, { asset, reader })
  }
}

async function reconcile(
  context: Context,
  open: OpenCase,
  { asset, reader }: { asset: Asset; reader: ChainReader },
): Promise<void> {
  for (const { address } of await largest(context, open, asset)) {
    const missing = await readMissing(context, open, { asset, address, reader })
    const stolen = wholeOf(open.trail.ledgers.get(asset.id))
    const floor = (stolen * context.rules.dustPerMillion) / 1_000_000n
    if (missing === null || missing.amount <= floor) continue
    const { amount, block } = missing
    const { chain } = open.case
    await decide(context, () => ({
      // Whatever pays there without a log or a transaction of its own is looked for from now on.
      standing: [contractChange({ chain, address, block })],
      result: undefined,
    }))
    await tellCases(context, [open], {
      what: `unseen:${address}:${asset.id}:${amount}`,
      revision: 1,
      message: {
        title: ['Value has left unseen: ', { code: showAddress(address) }],
        severity: 'red',
        sections: [
          {
            type: 'fields',
            fields: [
              { name: 'Missing there', value: formatAmount(amount, asset) },
              { name: 'As of', value: `block ${block}` },
              {
                name: 'What it means',
                value:
                  'no payment that was read shows where it went: it is still counted there; look at the address in an explorer and flag where it went',
              },
            ],
          },
        ],
      },
    })
  }
}

/** Accounts whose whole balance is known: what sources held beside the stolen value is not. */
async function largest(
  { store }: Context,
  { case: theft }: OpenCase,
  { id }: Asset,
): Promise<Account[]> {
  let found: Account[] = []
  for await (const page of store.scanAccounts(theft.id, id)) {
    const held = page.filter(
      ({ stop, firstPayer, holdings }) =>
        stop === null && firstPayer !== null && holdings.some((each) => stolenIn(each) > 0n),
    )
    found = [...found, ...held]
      .sort((a, b) => (a.received - a.paid > b.received - b.paid ? -1 : 1))
      .slice(0, maxAddresses)
  }
  return found
}

/** What is known to be there and is not; `null` where blocks come too quickly to tell, or nodes do not know. */
async function readMissing(
  { store, log }: Context,
  open: OpenCase,
  { asset, address, reader }: { asset: Asset; address: string; reader: ChainReader },
): Promise<{ amount: bigint; block: number } | null> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const { head } = open
    if (!head) return null
    const saved = await store.readAccounts(open.case.id, [address])
    const account = saved.find((each) => each.asset === asset.id)?.accounts[0]
    if (!account) return null
    try {
      const balance = await reader.readBalance({ address, asset: asset.id, at: head })
      if (open.head?.hash === head.hash) {
        return { amount: account.received - account.paid - balance, block: head.number }
      }
    } catch (error) {
      log.warn({ err: error, caseId: open.case.id }, 'A balance could not be reconciled')
      return null
    }
  }
  return null
}
