import type { Alert, AlertKind } from '#types/alert.ts'
import type { Address, Block } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Severity } from '#types/message.ts'
import type { Hop, Trail, TrailChange } from '#types/trail.ts'

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
  const alerts = change.hops.flatMap((hop) => {
    const kind = kindOf(hop, rules)
    const alert = alertOf(hop, {
      kind,
      severity: severityOf(trail, hop, kind, rules),
      otherCases: [],
    })
    const others = hop.isFirstContact && hop.stop === null ? otherCases(hop.to) : []
    if (others.length === 0) return [alert]
    return [alert, alertOf(hop, { kind: 'met', severity: 'red', otherCases: others })]
  })
  const parked = change.parked.map(({ address, transaction }) => ({
    id: `${trail.caseId}:${trail.chain}:${transaction}:${address}:parked`,
    kind: 'parked' as const,
    severity: 'amber' as const,
    caseId: trail.caseId,
    address,
    time: block.time,
    block: block.number,
    transaction,
    hop: null,
    otherCases: [],
  }))
  return [...alerts, ...parked]
}

function kindOf({ stop, idleSeconds, isSplit }: Hop, { dormantDays }: HouseRules): AlertKind {
  if (stop !== null) return 'reached'
  if (idleSeconds >= dormantDays * secondsPerDay) return 'woke'
  return isSplit ? 'split' : 'moved'
}

/** Red is where money is about to be out of reach, amber what is large or unusual. */
function severityOf(trail: Trail, hop: Hop, kind: AlertKind, rules: HouseRules): Severity {
  const stolen = trail.ledgers.get(hop.asset)?.stolen ?? 0n
  // By the worst that any of the rules says: what may be stolen must not be played down.
  const millionths = hop.stolen.reduce((most, part) => (part > most ? part : most), 0n) * 1_000_000n
  const isLarge = millionths >= stolen * rules.largePerMillion
  if (millionths < stolen * rules.dustPerMillion) return 'info'
  if (kind === 'woke') return 'red'
  if (kind === 'reached') return hop.stop === 'busy' ? 'amber' : 'red'
  return isLarge ? 'amber' : 'info'
}

function alertOf(
  hop: Hop,
  { kind, severity, otherCases }: Pick<Alert, 'kind' | 'severity' | 'otherCases'>,
): Alert {
  return {
    id: `${hop.caseId}:${hop.chain}:${hop.transaction}:${hop.position}:${kind}`,
    kind,
    severity,
    caseId: hop.caseId,
    address: hop.to,
    time: hop.time,
    block: hop.block,
    transaction: hop.transaction,
    hop,
    otherCases,
  }
}
