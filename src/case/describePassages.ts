import type { Context } from '#src/context.ts'
import type { Asset } from '#types/chain.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Arrival } from '#types/passage.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { candidatesFor } from './candidates.ts'
import { type CrossedHop, findCrossings } from './findCrossings.ts'
import { rootOf } from './rootOf.ts'

/** Rows that one answer lists. */
const maxRows = 20

/** Payments that went on to other chains, the newest first: where each is expected, or what arrived there. */
export async function describePassages(context: Context, open: OpenCase): Promise<Section[]> {
  const { crossed, count } = await findCrossings(context, open, { limit: maxRows })
  if (count === 0) return []
  const rows = crossed.map((hop) => {
    const { crossing, asset: id, stolen, transaction, time } = hop
    const asset = open.case.assets.find((each) => each.id === id)
    const says = crossing.isClaimed ? `${crossing.bridge}, by a message alone` : crossing.bridge
    return [
      asset ? formatAmount(stolen[0] ?? 0n, asset) : '',
      context.chains.get(crossing.chain)?.name ?? crossing.chain,
      { code: crossing.address },
      stateOf(context, open, hop),
      says,
      { time },
      { code: transaction },
    ]
  })
  const columns = ['stolen', 'goes to', 'address', 'state', 'says', 'when', 'transaction']
  return [
    { type: 'text', text: `Gone on over bridges: ${countOf(count, 'payment')}.` },
    { type: 'table', columns: columns.map((name) => ({ name })), rows },
  ]
}

function stateOf(context: Context, open: OpenCase, { crossing: { key } }: CrossedHop): Text {
  const arrivals = arrivalsOf(context, open, key)
  if (arrivals.length === 0) return waitingFor(context, open, key)
  const parts = arrivals.map(({ stolen, asset, chain, isBack }) => {
    const found = assetOn(context, chain, asset)
    const amount = found ? formatAmount(stolen[0] ?? 0n, found) : asset
    return isBack ? `${amount} given back` : amount
  })
  return `arrived: ${parts.join(', ')}`
}

/** It is not out yet, as far as anybody has said. */
function waitingFor(context: Context, open: OpenCase, key: string | undefined): Text {
  if (key === undefined) return 'expected'
  const caseId = rootOf(context, open.case.id)
  const candidates = candidatesFor(context, { caseId, key })
  if (candidates.length === 0) return 'expected'
  return [
    'expected; may have come out by ',
    ...candidates.flatMap(({ candidate, confidence }, index) => [
      index > 0 ? ', ' : '',
      { code: candidate.transaction },
      ` (${Math.round(confidence * 100)} %)`,
    ]),
    '; say which: ',
    { code: `/posse settle TRANSACTION ${caseId}` },
  ]
}

/** What came out of a bridge for what it names by this key. */
function arrivalsOf(
  context: Pick<Context, 'standing'>,
  { case: { id } }: OpenCase,
  key: string | undefined,
): Arrival[] {
  if (key === undefined) return []
  const caseId = rootOf(context, id)
  return [...context.standing.arrival.values()].filter(
    (arrival) => arrival.caseId === caseId && arrival.key === key,
  )
}

/** An asset as its chain knows it. */
function assetOn(
  { chains }: Pick<Context, 'chains'>,
  chain: string,
  id: string,
): Asset | undefined {
  const known = chains.get(chain)
  return [known?.native, ...(known?.tokens ?? []).map((token) => token.asset)].find(
    (asset) => asset?.id === id,
  )
}
