import type { Alert } from '#types/alert.ts'
import type { ChainId } from '#types/chain.ts'
import { movingKinds } from './inhibitions.ts'

/** Services that get a card of their own when all cards of a case are in use; the others share one. */
const maxServiceCards = 3

const overflow = '* '
const overflowService = `${overflow}service `

/**
 * Where an alert belongs among the open groups: to the card of what it is about, or, while `openCards` of those are
 * open, to one that takes in what no new card is opened for.
 *
 * At most `openCards + 3 + 1 + 1 + 4 + 1` groups are open at a time, 20 with ten cards: the cards, three single
 * services, one for all other services, one for what moves, one each for what woke, met, returned and was parked, and
 * the burst. A group opened in a minute stays open longer than that minute, so no more are told of in one either.
 */
export function placeAlert(
  alert: Alert,
  { isOpen, open, openCards }: { isOpen(key: string): boolean; open: OpenKeys; openCards: number },
): string {
  const key = keyOf(alert)
  if (isOpen(key) || open.cards < openCards) return key
  if (isMoving(alert)) return `${overflow}moving`
  if (alert.kind !== 'reached') return `${overflow}${alert.kind}`
  const service = `${overflowService}${alert.address}`
  return isOpen(service) || open.services < maxServiceCards ? service : `${overflow}services`
}

/** How many groups are open: cards, and those of single services beyond them. */
export type OpenKeys = { cards: number; services: number }

/** Counts a group in that has been opened. */
export function countKey({ cards, services }: OpenKeys, key: string): OpenKeys {
  if (key.startsWith(card)) return { cards: cards + 1, services }
  return { cards, services: services + (key.startsWith(overflowService) ? 1 : 0) }
}

/** The alert as head of the group at `key`: a card of many paths has none of its own. */
export function headOf(alert: Alert, { key, chain }: { key: string; chain: ChainId }): Alert {
  if (!key.startsWith(overflow)) return alert
  return { ...alert, path: `${alert.caseId}:${chain}:${key}` }
}

const card = 'card '

/** Movements belong to their path; what arrives, wakes, is met or parked also to its address. Assets do not mix. */
function keyOf(alert: Alert): string {
  const { kind, path, hop, address } = alert
  const asset = hop?.asset ?? ''
  return isMoving(alert)
    ? `${card}moving ${asset} ${path}`
    : `${card}${kind} ${asset} ${path} ${address}`
}

function isMoving({ kind }: Alert): boolean {
  return movingKinds.some((moving) => moving === kind)
}
