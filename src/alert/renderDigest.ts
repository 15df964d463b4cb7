import type { Case } from '#types/case.ts'
import type { Address, Asset, Chain } from '#types/chain.ts'
import type { Message, Section, Span, Text } from '#types/message.ts'
import type { Place, Stop } from '#types/trail.ts'
import { countOf } from '#utils/countOf.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { showAddress } from '#utils/parseAddress.ts'
import type { Destination, HopSummary } from './countHops.ts'
import { showStolen } from './describeAlert.ts'
import type { AlertTally } from './tallyGroups.ts'
import { worstOf } from './worstOf.ts'

/** Rows that a person reads. */
const maxRows = 20

/** What a digest tells. */
export type DigestFacts = {
  case: Case
  chain: Chain
  labels: LabelIndex
  /** Unix seconds. */
  span: { since: number; until: number }
  hops: HopSummary
  /** Alerts of the span. `silencedUntil` is when the last of the silences ends. */
  alerts: AlertTally & { silenced: number; silencedUntil: number | null }
  /** Addresses that came to rest in the span. */
  dormant: readonly Address[]
  /** What the figures lack; `null` where nothing is known to be lacking. */
  lack: string | null
}

/** What happened in a case in a span of time, in short. */
export function renderDigest(facts: DigestFacts): Message {
  const { hops, span } = facts
  const what = hops.hops === 0 ? 'nothing moved' : countOf(hops.hops, 'hop')
  return {
    title: [{ strong: facts.case.name }, `: digest: ${what}`],
    severity: 'info',
    sections: [
      {
        type: 'fields',
        fields: [
          { name: 'From', value: { time: span.since } },
          { name: 'Until', value: { time: span.until } },
          ...facts.case.assets.flatMap((asset) => movedFields(asset, hops)),
          ...(facts.lack ? [{ name: 'Lacks', value: facts.lack }] : []),
          { name: 'Alerts', value: describeTold(facts) },
          { name: 'Held back', value: describeHeldBack(facts) },
        ],
      },
      ...destinationTable(facts),
      ...facts.case.assets.flatMap((asset) => largestTable(asset, facts)),
      ...dormantSection(facts),
    ],
  }
}

function movedFields(asset: Asset, { destinations }: HopSummary): { name: string; value: Text }[] {
  const all = [...destinations.values()].filter((one) => one.asset === asset.id)
  if (all.length === 0) return []
  const payments = all.reduce((sum, one) => sum + one.payments, 0)
  const stolen = addUp(all)
  const amount = `${showStolen(stolen, asset)} in ${countOf(payments, 'payment')}`
  return [
    { name: `Moved ${asset.symbol}`, value: `${amount}; what moves twice is counted twice` },
    { name: `Certainty ${asset.symbol}`, value: describeBounds(stolen, asset) },
  ]
}

function describeTold({ alerts }: DigestFacts): Text {
  return alerts.told === 0 ? 'none' : `${countOf(alerts.told, 'card')} told`
}

function describeHeldBack({ alerts }: DigestFacts): Text {
  const { folded, muted, silenced, silencedUntil } = alerts
  const spans: Span[] = []
  const add = (...more: Span[]) => spans.push(...(spans.length > 0 ? [', '] : []), ...more)
  if (folded > 0) add(`${folded.toLocaleString('en')} folded into cards`)
  if (muted > 0) add(`${muted.toLocaleString('en')} counted in bursts and as echoes`)
  if (silenced > 0) {
    const until: Span[] = silencedUntil === null ? [] : [' until ', { time: silencedUntil }]
    add(`${silenced.toLocaleString('en')} by silences`, ...until)
  }
  return spans.length > 0 ? spans : 'nothing'
}

/** A row for each service by kind and name, whatever number of addresses it has. */
function destinationTable({ hops, labels, case: theft }: DigestFacts): Section[] {
  const rows = new Map<string, Destination & { kind: string; name: string }>()
  for (const destination of hops.destinations.values()) {
    const { address, stop, asset } = destination
    const kind = placeOf(stop)
    const name = address === null ? '' : nameOf(address, labels)
    const key = JSON.stringify([asset, kind, name])
    const known = rows.get(key)
    const parts = known ? [known, destination] : [destination]
    const payments = parts.reduce((sum, one) => sum + one.payments, 0)
    rows.set(key, { ...destination, kind, name, payments, stolen: addUp(parts) })
  }
  if (rows.size === 0) return []
  const assets = new Map(theft.assets.map((asset, index) => [asset.id, { asset, index }]))
  const place = ({ asset }: Destination) => assets.get(asset)?.index ?? assets.size
  const sorted = [...rows.values()].sort(
    (a, b) =>
      place(a) - place(b) ||
      compare(worstOf(b.stolen), worstOf(a.stolen)) ||
      compare(a.name, b.name),
  )
  const more = sorted.slice(maxRows)
  const payments = more.reduce((sum, one) => sum + one.payments, 0)
  return [
    {
      type: 'table',
      columns: [
        { name: 'went to' },
        { name: 'name' },
        { name: 'payments', align: 'right' },
        { name: 'stolen', align: 'right' },
      ],
      rows: sorted.slice(0, maxRows).map((one) => {
        const asset = assets.get(one.asset)?.asset
        const amount = asset ? showStolen(one.stolen, asset) : ''
        return [one.kind, one.name, one.payments.toLocaleString('en'), amount]
      }),
    },
    ...(more.length > 0
      ? [textOf(`and ${countOf(payments, 'payment')} to ${more.length} more destinations`)]
      : []),
  ]
}

function largestTable(asset: Asset, { hops, labels, chain }: DigestFacts): Section[] {
  const largest = hops.largest.get(asset.id) ?? []
  if (largest.length === 0) return []
  return [
    textOf(`The largest arrivals in ${asset.symbol}:`),
    {
      type: 'table',
      columns: [
        { name: 'stolen', align: 'right' },
        { name: 'at' },
        { name: 'address' },
        { name: 'when' },
      ],
      rows: largest.map(({ to, stolen, stop, time }) => [
        showStolen(stolen, asset),
        `${placeOf(stop)} ${nameOf(to, labels)}`.trim(),
        { code: showAddress(to) },
        { time },
      ]),
    },
    {
      type: 'fields',
      fields: largest.map(({ transaction }, index) => ({
        name: `${index + 1}.`,
        value: chain.explorer.transaction + transaction,
      })),
    },
  ]
}

function dormantSection({ dormant }: DigestFacts): Section[] {
  if (dormant.length === 0) return []
  const shown: Span[] = dormant
    .slice(0, maxRows)
    .flatMap((address, index) => [index > 0 ? ', ' : '', { code: showAddress(address) }])
  const more = dormant.length > maxRows ? `, and ${dormant.length - maxRows} more` : ''
  return [{ type: 'text', text: ['Newly dormant: ', ...shown, more] }]
}

/** The words that the books use. */
function placeOf(stop: Stop | null): Place {
  return stop === null ? 'on the trail' : stop === 'busy' ? 'parked' : stop
}

function nameOf(address: Address, labels: LabelIndex): string {
  return labels.get(address)?.[0]?.name ?? ''
}

function addUp(parts: readonly { stolen: readonly bigint[] }[]): bigint[] {
  const [first] = parts
  return (first?.stolen ?? []).map((_, index) =>
    parts.reduce((sum, { stolen }) => sum + (stolen[index] ?? 0n), 0n),
  )
}

function textOf(text: Text): Section {
  return { type: 'text', text }
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
