import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import { deskCard, houseCard, tellFreezes } from '#src/freeze/tellFreezes.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import type { Telling } from '#types/alert.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Message, Severity } from '#types/message.ts'
import type { Decision } from '#types/store.ts'
import { claimsOf, claimsOfFreeze } from './claimsOf.ts'
import type { Claims } from './disputesOn.ts'

/** Alerts that are looked through, the newest first: more than a case had cards so far. */
const maxAlerts = 100_000

type Redrawn = Required<Pick<Decision, 'standing' | 'told' | 'tellings'>>

/**
 * Every card that says something of a claim, as it looks once `after` stands, in every channel of everybody who got it;
 * and a short word to each of those channels.
 */
export async function redrawClaim(
  after: Context,
  {
    caseId,
    isAbout,
    key,
    title,
    note,
    severity = 'amber',
  }: {
    caseId: string
    isAbout: (claims: Claims) => boolean
    /** Told once for each. */
    key: string
    title: Message['title']
    note: string
    severity?: Severity
  },
): Promise<Redrawn> {
  const open = after.cases.get(caseId)
  if (!open) return { standing: [], told: [], tellings: [] }
  const alerts = await after.store.findAlerts({ caseId }, { limit: maxAlerts })
  const cards = alerts.flatMap((alert) => {
    const group = alert.tellings.at(-1)?.group
    if (!group || alert.channels.length === 0 || !isAbout(claimsOf(caseId, group))) return []
    return [{ alert: { ...alert, revision: alert.revision + 1 }, group }]
  })
  const freezes = [...after.standing.freeze.values()].filter((freeze) => freeze.caseId === caseId)
  const changed = freezes
    .filter((freeze) => isAbout(claimsOfFreeze(freeze)))
    .map((freeze) => ({ ...freeze, revision: freeze.revision + 1 }))
  const all = new Map([...freezes, ...changed].map((freeze) => [freeze.id, freeze]))
  const redrawn = tellFreezes(after, changed, [...all.values()])
  const own = changed.flatMap((freeze) => [houseCard(freeze), deskCard(freeze)])
  const told: ChannelId[] = [
    ...cards.flatMap(({ alert }) => channelsSeeing(after, caseId, alert.channels)),
    ...redrawn.filter(({ alert }) => own.includes(alert)).flatMap(({ channels }) => channels),
  ]
  const channels = [...new Set(told)]
  const message: Message = { title, severity, sections: [{ type: 'text', text: note }] }
  const word: Telling = {
    alert: `${caseId}:${key}`,
    revision: 1,
    message,
    topic: 'freeze',
    channels,
  }
  return {
    standing: changed.map((value) => ({ kind: 'freeze', key: value.id, value })),
    told: cards.map(({ alert }) => ({ caseId, alert })),
    tellings: [
      ...cards.flatMap((card) => renderTelling(after, open, card)),
      ...redrawn,
      ...(channels.length > 0 ? [word] : []),
    ],
  }
}
