import type { Alert, AlertKind } from '#types/alert.ts'
import type { Address, Block } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Hop, Trail, TrailChange } from '#types/trail.ts'
import { accountIn } from './accountIn.ts'
import { judgeHop } from './judgeHop.ts'

const secondsPerDay = 86_400

/** What people must be told about a block's change to a trail. `otherCases` names the open cases that hold an address. */
export function decideAlerts(
  trail: Trail,
  {
    block,
    change,
    rules,
    otherCases,
  }: {
    block: Block
    change: TrailChange
    rules: HouseRules
    otherCases: (address: Address) => string[]
  },
): Alert[] {
  const alertOf = (hop: Hop, kind: AlertKind, others: string[]): Alert => ({
    id: `${hop.caseId}:${hop.chain}:${hop.transaction}:${hop.position}:${kind}`,
    kind,
    ...judgeHop(trail, hop, { kind, change, rules, otherCases: others }),
    caseId: hop.caseId,
    path: `${hop.caseId}:${hop.chain}:${hop.path}`,
    address: hop.to,
    time: hop.time,
    block: hop.block,
    transaction: hop.transaction,
    hop,
    otherCases: others,
  })
  const alerts = change.hops.flatMap((hop) => {
    const alert = alertOf(hop, kindOf(hop, rules), [])
    const others = hop.isFirstContact && hop.stop === null ? otherCases(hop.to) : []
    return others.length === 0 ? [alert] : [alert, alertOf(hop, 'met', others)]
  })
  return [...alerts, ...parkedAlerts(trail, { block, change, rules })]
}

function kindOf(
  { stop, idleSeconds, isMerger, isSplit, arrived }: Hop,
  rules: HouseRules,
): AlertKind {
  if (stop === 'victim') return 'returned'
  if (stop !== null) return 'reached'
  // Inside of a bridge nothing sleeps.
  if (arrived) return 'moved'
  if (idleSeconds >= rules.dormantDays * secondsPerDay) return 'woke'
  if (isMerger) return 'merged'
  return isSplit ? 'split' : 'moved'
}

function parkedAlerts(
  trail: Trail,
  { block, change, rules }: { block: Block; change: TrailChange; rules: HouseRules },
): Alert[] {
  const { caseId, chain, ledgers } = trail
  return change.parked.map(({ address, transaction }) => {
    const path = [...ledgers.keys()]
      .map((asset) => accountIn(trail, { change, asset, address }))
      .find((account) => account?.stop === 'busy')?.path
    return {
      id: `${caseId}:${chain}:${transaction}:${address}:parked`,
      kind: 'parked',
      severity: 'amber',
      reasons: [whyParked(address, { change, rules })],
      caseId,
      path: `${caseId}:${chain}:${path ?? address}`,
      address,
      time: block.time,
      block: block.number,
      transaction,
      hop: null,
      otherCases: [],
    }
  })
}

function whyParked(
  address: Address,
  { change, rules }: { change: TrailChange; rules: HouseRules },
): string {
  const claim = change.hops.find(({ to, crossing }) => to === address && crossing?.isClaimed)
  return claim?.crossing
    ? `paid with a memo of ${claim.crossing.bridge}: its vault holds coins of many, so judge whether it is one`
    : `paid more than ${rules.busyStrangers ?? 0} strangers within a day`
}
