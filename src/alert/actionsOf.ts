import type { AlertGroup } from '#types/alert.ts'
import type { Action } from '#types/message.ts'
import { handleOf } from '#utils/handleOf.ts'
import type { AlertFacts } from './describeAlert.ts'

/** What a reader can do about an alert as it stands now; each looks again at how things stand when it is pressed. */
export function actionsOf(
  { head, last }: AlertGroup,
  { acks, silencedUntil = null }: Pick<AlertFacts, 'acks' | 'silencedUntil'>,
): Action[] {
  const handle = handleOf(head.id)
  const ack = acks?.(head.id) ?? null
  const take: Action = ack
    ? { label: 'Take over', command: `ack ${handle}` }
    : { label: 'Acknowledge', command: `ack ${handle} if:free`, style: 'primary' }
  const silence: Action = {
    label: 'Silence 1 h',
    command: `silence ${handle} for:1h by a button of its card`,
  }
  const dismiss: Action = { label: 'Not relevant', command: `dismiss ${handle}` }
  const about: Action[] = [
    { label: 'Look up', command: `lookup ${last.address}` },
    { label: 'Flag', command: `flag ${last.address}` },
  ]
  return [
    take,
    ...(silencedUntil === null ? [silence] : []),
    ...(head.kind === 'burst' ? [] : about),
    ...(ack?.isIrrelevant ? [] : [dismiss]),
  ]
}
