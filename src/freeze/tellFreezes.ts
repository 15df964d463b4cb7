import type { Context } from '#src/context.ts'
import { claimsOfFreeze } from '#src/dispute/claimsOf.ts'
import { describeDispute, disputesOn } from '#src/dispute/disputesOn.ts'
import { organizationIn } from '#src/organization/listOrganizations.ts'
import type { Telling } from '#types/alert.ts'
import type { Asset } from '#types/chain.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Message } from '#types/message.ts'
import type { TimelineEntry } from '#types/standing.ts'
import { wholeOf } from '#utils/wholeOf.ts'
import { renderBoard } from './renderBoard.ts'
import { describeState, type FreezeView, renderForDesk, renderForHouse } from './renderFreeze.ts'
import { roomsOf } from './roomsOf.ts'

const topic = 'freeze'

/** The card of a request in the rooms of the house, and the one at the asked desk. */
export function houseCard({ caseId, id }: Freeze): string {
  return `${caseId}:freeze:${id}:house`
}

export function deskCard({ caseId, id }: Freeze): string {
  return `${caseId}:freeze:${id}:desk`
}

/** The id of the request whose card at a desk has this alert id; `null` for any other alert. */
export function freezeOfDeskCard(alert: string): string | null {
  return /:freeze:([0-9a-f]{8}):desk$/.exec(alert)?.[1] ?? null
}

/**
 * What chats must show of requests that have changed: the card of each, in the house and at its desk, and the board of
 * the case. `freezes` are all of the case as they are after the change.
 */
export function tellFreezes(
  context: Context,
  changed: readonly Freeze[],
  freezes: readonly Freeze[],
): Telling[] {
  const [first] = changed
  if (!first) return []
  const { caseId } = first
  const rooms = roomsOf(context, caseId)
  const cards = changed.flatMap((freeze) => tellFreeze(context, freeze, rooms))
  return [...cards, ...tellBoard(context, { caseId, freezes, rooms })]
}

function tellFreeze(context: Context, freeze: Freeze, rooms: readonly ChannelId[]): Telling[] {
  const view = viewOf(context, freeze)
  const { revision, desk } = freeze
  const cards: Telling[] = [
    {
      alert: houseCard(freeze),
      revision,
      message: renderForHouse(freeze, view),
      topic,
      channels: rooms,
    },
    {
      alert: deskCard(freeze),
      revision,
      message: renderForDesk(freeze, view),
      topic,
      channels: desk,
    },
  ]
  return cards.filter(({ channels }) => channels.length > 0)
}

function tellBoard(
  context: Context,
  {
    caseId,
    freezes,
    rooms,
  }: { caseId: string; freezes: readonly Freeze[]; rooms: readonly ChannelId[] },
): Telling[] {
  if (rooms.length === 0) return []
  // Every change of any request raises it.
  const revision = freezes.reduce((sum, each) => sum + each.revision, 0)
  const message = boardOf(context, caseId, freezes)
  return [{ alert: `${caseId}:freezes`, revision, message, topic, channels: rooms }]
}

/** The board of a case. */
export function boardOf(context: Context, caseId: string, freezes: readonly Freeze[]): Message {
  const open = context.cases.get(caseId)
  return renderBoard(freezes, {
    caseName: open?.case.name ?? caseId,
    assets: open?.case.assets ?? [],
    nameOf: (id) => organizationIn(context, id)?.name ?? id,
  })
}

/** All that the card of a request needs beside the request. */
export function viewOf(context: Context, freeze: Freeze): FreezeView {
  const open = context.cases.get(freeze.caseId)
  const organization = organizationIn(context, freeze.organization)
  return {
    caseName: open?.case.name ?? freeze.caseId,
    asset: assetOf(context, freeze),
    stolen: wholeOf(open?.trail.ledgers.get(freeze.asset)),
    organization: {
      name: organization?.name ?? freeze.organization,
      requires: organization?.requires ?? '',
      isVerified: organization?.verified != null,
    },
    disputes: disputesOn(context.standing.dispute.values(), claimsOfFreeze(freeze)).flatMap(
      describeDispute,
    ),
    hasEvidence: context.evidence !== null,
    explorer: context.chains.get(freeze.chain)?.explorer.address ?? '',
  }
}

/** The asset of a request; one that the case does not know any more is counted in base units. */
export function assetOf({ cases }: Pick<Context, 'cases'>, { caseId, asset }: Freeze): Asset {
  const known = cases.get(caseId)?.case.assets.find(({ id }) => id === asset)
  return known ?? { id: asset, symbol: 'base units', decimals: 0 }
}

/** What the timeline of the case says of a request as it now stands, once for each revision. */
export function entryOf(
  context: Context,
  freeze: Freeze,
  { isByChain }: { isByChain: boolean },
): TimelineEntry {
  const { caseId, id, revision, history, arrivals, departures } = freeze
  const last = history.at(-1)
  const flow = [...arrivals, ...departures].sort((a, b) => a.time - b.time).at(-1)
  return {
    caseId,
    key: `freeze:${id}:${revision}`,
    at: (isByChain ? flow?.time : last?.at) ?? context.now(),
    kind: 'decision',
    by: isByChain ? null : (last?.by ?? null),
    text: `Freeze ${id}: ${describeState(freeze, viewOf(context, freeze))}.`,
  }
}
