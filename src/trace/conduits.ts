import type { Address, AssetId, Crossing, Transfer } from '#types/chain.ts'
import type { Rules } from '#types/trail.ts'
import { handOn } from '#utils/handOn.ts'

type Options = {
  isFollowed: (asset: AssetId, address: Address) => boolean
  rules: Rules
  /** What bridges say in the same transaction. */
  crossings?: readonly Crossing[] | undefined
}

/**
 * The transfers of a transaction without services that kept nothing of what somebody on the trail paid them: what came
 * back at once was never theirs, a DEX that handed all on only stood between, and a bridge's vault that is on the trail
 * is no vault. Pure.
 */
export function withoutConduits(
  transfers: readonly Transfer[],
  { isFollowed, rules, crossings = [] }: Options,
): readonly Transfer[] {
  let left = transfers
  for (const { from, to: by, asset } of transfers) {
    if (!isFollowed(asset, from) || isFollowed(asset, by)) continue
    const kind = rules.serviceOf(by)
    if (kind === null) continue
    left = withoutRefunds(left, { by, asset, payer: from })
    if (kind === 'dex') left = throughConduit(left, { by, asset })
  }
  for (const { by, vault, asset, amount } of crossings) {
    if (vault === undefined || asset === undefined || amount === undefined) continue
    const isOpened = rules.isJudged(vault) && rules.serviceOf(vault) === null
    if (!isOpened && !isFollowed(asset, vault)) continue
    left = handOn(left, { by, to: vault, asset, amount })
  }
  return left
}

type Between = { by: Address; asset: AssetId }

/** Takes what a service paid back off what the same payer had paid it before. */
function withoutRefunds(
  transfers: readonly Transfer[],
  { by, asset, payer }: Between & { payer: Address },
): readonly Transfer[] {
  const isIn = (each: Transfer) => each.from === payer && each.to === by && each.asset === asset
  const isBack = (each: Transfer) => each.from === by && each.to === payer && each.asset === asset
  if (!transfers.some(isBack)) return transfers
  const left = transfers.map((each) => ({ ...each }))
  for (const [place, back] of left.entries()) {
    if (!isBack(back)) continue
    for (const paid of left.slice(0, place).reverse()) {
      if (!isIn(paid)) continue
      const both = paid.amount < back.amount ? paid.amount : back.amount
      paid.amount -= both
      back.amount -= both
    }
  }
  return left.filter(({ amount }, place) => amount > 0n || transfers[place]?.amount === 0n)
}

/** Where as much came out as went in: who paid in pays who was paid, in their order. */
function throughConduit(
  transfers: readonly Transfer[],
  { by, asset }: Between,
): readonly Transfer[] {
  const isIn = (each: Transfer) => each.to === by && each.asset === asset && each.from !== by
  const isOut = (each: Transfer) => each.from === by && each.asset === asset && each.to !== by
  const sum = (those: readonly Transfer[]) => those.reduce((all, { amount }) => all + amount, 0n)
  if (sum(transfers.filter(isIn)) !== sum(transfers.filter(isOut))) return transfers
  const paid = transfers.filter(isIn).map((each) => ({ from: each.from, due: each.amount }))
  return transfers.flatMap((each) => {
    if (isIn(each)) return []
    if (!isOut(each)) return [each]
    let open = each.amount
    const parts: Transfer[] = []
    for (const payer of paid) {
      const amount = payer.due < open ? payer.due : open
      if (amount === 0n) continue
      payer.due -= amount
      open -= amount
      const position = parts.length === 0 ? each.position : `${each.position}:${parts.length}`
      parts.push({ ...each, position, from: payer.from, amount })
    }
    return parts
  })
}
